// What the page does better with a script: keys, notes beside their row, the theme. Every link works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // The theme chosen on this machine, before the page is drawn.
  const kept = (name) => { try { return localStorage.getItem(name) || ""; } catch { return ""; } };
  const keep = (name, choice) => { try { localStorage.setItem(name, choice); } catch { /* a private window keeps nothing */ } };
  const applyTheme = (choice) => (choice ? root.setAttribute("data-theme", choice) : root.removeAttribute("data-theme"));
  applyTheme(kept("theme"));

  // The rail opens at the page one is on, where the browser does not do it by itself.
  document.addEventListener("DOMContentLoaded", () => {
    const item = !CSS.supports("scroll-initial-target", "nearest") && document.querySelector(".rail-item[aria-current]");
    if (item && !narrow.matches) item.scrollIntoView({ block: "nearest" });
  });

  // Notes: one at a time, beside its row, in a drawer or under its row.
  const wide = matchMedia("screen and (min-width: 1200px)");
  const narrow = matchMedia("screen and (max-width: 899px)");
  const homes = new WeakMap(); // where a note stood before it went under its row
  let opened = null; // {amount, note}

  const noteOf = (amount) => document.getElementById(/^#(.+)/.exec(amount.getAttribute("href"))?.[1]);
  const rowOf = (amount) => amount.closest("tr, li, .explained") || amount;

  function goHome(note) {
    const home = homes.get(note);
    if (!home) return;
    home.replaceWith(note);
    homes.delete(note);
    all(".note-row").forEach((row) => row.remove());
  }

  function goUnder(note, row) {
    if (homes.get(note)?.row === row) return; // moving it again would lose the focus
    if (!homes.has(note)) {
      const home = document.createComment("note");
      note.replaceWith(home);
      homes.set(note, home);
    }
    homes.get(note).row = row;
    if (row.tagName === "TR") {
      const line = Object.assign(document.createElement("tr"), { className: "note-row" });
      line.insertCell().colSpan = [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
      line.cells[0].append(note);
      row.after(line);
    } else if (row.tagName === "LI") row.append(note);
    else row.after(note);
  }

  function place() {
    if (!opened) return;
    const { amount, note } = opened;
    note.style.marginTop = note.style.top = "";
    if (narrow.matches) return goUnder(note, rowOf(amount));
    goHome(note);
    if (!wide.matches || note.closest(".frame-wide")) return;
    const top = rowOf(amount).getBoundingClientRect().top + 8; // the title is level with the row
    const last = document.querySelector(".work > :last-child");
    const end = Math.max(last ? last.getBoundingClientRect().bottom : 0, innerHeight - scrollY - 120) + 120 - note.offsetHeight; // past it, the note slides up
    note.style.marginTop = Math.max(0, Math.min(top, end) - note.parentElement.getBoundingClientRect().top) + "px";
    note.style.top = Math.min(24, innerHeight - note.offsetHeight - 24) + "px"; // where it sticks once its row has left the window
  }

  function open(amount, note, focus = true) {
    if (opened) close(false);
    opened = { amount, note };
    note.hidden = false;
    note.classList.add("is-open");
    amount.removeAttribute("aria-current");
    amount.setAttribute("aria-expanded", "true");
    amount.setAttribute("aria-controls", note.id);
    place();
    if (focus) note.querySelector(".note-title")?.focus({ preventScroll: wide.matches });
  }

  function close(giveBack = true) {
    if (!opened) return false;
    const { amount, note } = opened;
    opened = null;
    goHome(note);
    note.classList.remove("is-open");
    note.style.marginTop = note.style.top = "";
    note.hidden = true;
    amount.setAttribute("aria-expanded", "false");
    if (giveBack) {
      amount.focus();
      const address = new URL(location);
      address.searchParams.delete("note");
      address.hash = "";
      history.replaceState(history.state, "", address);
    }
    return true;
  }

  function prepare(within) {
    all("[data-amount]", within).forEach((amount) => {
      amount.setAttribute("role", "button");
      if (!amount.hasAttribute("aria-expanded")) amount.setAttribute("aria-expanded", "false");
    });
  }

  // A table wider than its place is moved by the arrows, once it can have the focus.
  function reachTables() {
    all(".table-scroll").forEach((box) => { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute("tabindex"); });
  }

  function prepareTerms() {
    all("[data-term]").forEach((word) => {
      const note = document.getElementById(word.dataset.term);
      word.setAttribute("role", "button");
      word.setAttribute("aria-expanded", "false");
      word.setAttribute("aria-controls", note.id);
      note.addEventListener("toggle", (event) => word.setAttribute("aria-expanded", String(event.newState === "open")));
    });
  }

  function showAsked() {
    const asked = document.querySelector("#note[data-shown]") || (location.hash.startsWith("#note-") && document.getElementById(location.hash.slice(1)));
    const amount = asked && document.getElementById(asked.dataset.for);
    if (amount) open(amount, asked, false);
  }

  // Rows chosen, counted.
  function count(form) {
    const boxes = all("[data-row-choice]", form);
    const chosen = boxes.filter((box) => box.checked).length;
    const words = form.querySelector("[data-bulk-count]");
    if (words && chosen) words.textContent = `${chosen}\u00a0${chosen > 1 ? words.dataset.many : words.dataset.one}`;
    for (const head of all("[data-choose-all]", form)) { head.checked = chosen === boxes.length; head.indeterminate = chosen > 0 && chosen < boxes.length; }
  }

  // Terms of the trade: their meaning beside them, as a popover.
  function explain(word) {
    const note = document.getElementById(word.dataset.term);
    if (!note?.showPopover) return false;
    note.togglePopover();
    if (!note.matches(":popover-open")) return true;
    const at = word.getBoundingClientRect();
    note.style.left = Math.max(20, Math.min(at.left, root.clientWidth - note.offsetWidth - 20)) + "px";
    note.style.top = (at.bottom + 8 + note.offsetHeight < innerHeight ? at.bottom + 8 : Math.max(8, at.top - 8 - note.offsetHeight)) + "px";
    return true;
  }

  // Keys.
  let waiting = false; // after g
  const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    if (event.key === "Escape") {
      const menu = target.closest?.("[data-menu][open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); } else if (!document.querySelector(":popover-open")) close();
      return;
    }
    if (typing(target)) return;
    if (event.key === " " && target.matches?.("[data-amount], [data-term]")) { event.preventDefault(); target.click(); return; }
    if (kept("keys") === "off" && event.key !== "?") return; // a person who dictates can turn letters off
    if (waiting) {
      waiting = false;
      const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (place) place.click();
    } else if (event.key === "g") { waiting = true; setTimeout(() => { waiting = false; }, 1500); }
    else if (event.key === "/") { const box = document.querySelector("[data-search]"); if (box) { event.preventDefault(); openMenu(true); box.focus(); box.select(); } }
    else if (event.key === "?") document.getElementById("shortcuts")?.togglePopover?.();
    else { const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`); if (button) { event.preventDefault(); button.click(); } }
  }

  function openMenu(wanted) {
    const button = document.querySelector("[data-menu-open]");
    if (!button || !button.offsetParent) return;
    const menu = document.getElementById("menu");
    menu.classList.toggle("is-open", wanted);
    button.setAttribute("aria-expanded", String(menu.classList.contains("is-open")));
  }

  function click(event) {
    const word = event.target.closest("[data-term]");
    if (word && explain(word)) event.preventDefault();
    const amount = event.target.closest("[data-amount]");
    const note = amount && noteOf(amount);
    if (note) { event.preventDefault(); opened?.amount === amount ? close() : open(amount, note); }
    if (event.target.closest("[data-close]") && close()) event.preventDefault();
    if (event.target.closest("[data-menu-open]")) { event.preventDefault(); openMenu(); }
    const choice = event.target.closest("[data-theme-choice]");
    if (choice) { keep("theme", choice.dataset.themeChoice); applyTheme(choice.dataset.themeChoice); showTheme(); }
    all("[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  }

  function showTheme() {
    all("[data-theme-choice]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeChoice === kept("theme"))));
  }

  function listKeys() {
    const list = document.querySelector("[data-shortcuts]");
    if (list) all("[data-go], [data-key]").forEach((place) => {
      const line = list.appendChild(document.createElement("div"));
      const keys = place.dataset.go ? ["g", place.dataset.go] : [place.dataset.key];
      const name = line.appendChild(document.createElement("dt"));
      keys.forEach((letter) => { name.append(Object.assign(document.createElement("kbd"), { textContent: letter }), " "); });
      line.appendChild(document.createElement("dd")).textContent = (place.firstElementChild || place).textContent.trim();
    });
  }

  document.addEventListener("keydown", key);
  document.addEventListener("click", click);
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (event.target.matches("[data-keys]")) keep("keys", event.target.checked ? "" : "off");
    if (event.target.matches("[data-choose-all]")) all("[data-row-choice]", form).forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-choose-all], [data-row-choice]")) count(form);
  });
  document.addEventListener("reset", (event) => setTimeout(() => count(event.target)));
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target?.id === "note" && opened) close(false); });
  document.addEventListener("htmx:afterSettle", () => {
    const note = document.querySelector("#note[data-shown]");
    const amount = note && document.getElementById(note.dataset.for);
    prepare(document);
    if (amount && opened?.note !== note) open(amount, note);
  });
  document.addEventListener("DOMContentLoaded", () => {
    prepare(document);
    prepareTerms();
    all("[data-themes]").forEach((choices) => { choices.hidden = false; });
    all("[data-menu-open]").forEach((button) => { button.setAttribute("role", "button"); button.setAttribute("aria-expanded", "false"); });
    all("[data-keys]").forEach((box) => { box.checked = kept("keys") !== "off"; });
    showTheme();
    listKeys();
    showAsked();
    document.querySelector("[data-errors]")?.focus();
    new ResizeObserver(() => { place(); reachTables(); }).observe(document.body);
    document.fonts?.ready.then(place);
  });
})();

// What the page does better with a script: keys, notes beside their row, the theme. Every link works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // The theme chosen on this machine, before the page is drawn.
  const theme = {
    read() { try { return localStorage.getItem("theme") || ""; } catch { return ""; } },
    keep(choice) { try { choice ? localStorage.setItem("theme", choice) : localStorage.removeItem("theme"); } catch { /* private window */ } },
    apply(choice) { choice ? root.setAttribute("data-theme", choice) : root.removeAttribute("data-theme"); },
  };
  theme.apply(theme.read());

  // Notes: one at a time, beside its row, in a drawer or under its row.
  const wide = matchMedia("(min-width: 1200px)");
  const narrow = matchMedia("(max-width: 899px)");
  const homes = new WeakMap(); // where a note stood before it went under its row
  let opened = null; // {amount, note}

  const noteOf = (amount) => {
    const href = amount.getAttribute("href");
    return href.startsWith("#") ? document.getElementById(href.slice(1)) : null;
  };
  const rowOf = (amount) => amount.closest("tr, li, .explained") || amount;

  function goHome(note) {
    const home = homes.get(note);
    if (!home) return;
    home.replaceWith(note);
    homes.delete(note);
    all(".note-row").forEach((row) => row.remove());
  }

  function goUnder(note, row) {
    if (!homes.has(note)) {
      const home = document.createComment("note");
      note.replaceWith(home);
      homes.set(note, home);
    }
    all(".note-row").forEach((old) => old.remove());
    if (row.tagName === "TR") {
      const line = document.createElement("tr");
      line.className = "note-row";
      line.insertCell().colSpan = row.cells.length ? [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0) : 1;
      line.cells[0].append(note);
      row.after(line);
    } else if (row.tagName === "LI") row.append(note);
    else row.after(note);
  }

  function place() {
    if (!opened) return;
    const { amount, note } = opened;
    note.style.marginTop = "";
    if (narrow.matches) return goUnder(note, rowOf(amount));
    goHome(note);
    if (!wide.matches || note.closest(".frame-wide")) return;
    const top = rowOf(amount).getBoundingClientRect().top + 8; // the title is level with the row
    const last = document.querySelector(".work > :last-child");
    const end = Math.max(last ? last.getBoundingClientRect().bottom : 0, innerHeight - scrollY - 120) + 120 - note.offsetHeight; // past it, the note slides up
    note.style.marginTop = Math.max(0, Math.min(top, end) - note.getBoundingClientRect().top) + "px";
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
    note.style.marginTop = "";
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
    const head = form.querySelector("[data-choose-all]");
    if (head) { head.checked = chosen === boxes.length; head.indeterminate = chosen > 0 && chosen < boxes.length; }
  }

  // Keys.
  let waiting = false; // after g
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    if (event.key === "Escape") {
      const menu = target.closest?.("[data-menu][open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); } else if (!document.querySelector("#shortcuts:popover-open")) close();
      return;
    }
    if (typing(target)) return;
    if (event.key === " " && target.matches?.("[data-amount]")) { event.preventDefault(); target.click(); return; }
    if (waiting) {
      waiting = false;
      const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (place) { event.preventDefault(); place.click(); }
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
    const amount = event.target.closest("[data-amount]");
    const note = amount && noteOf(amount);
    if (note) { event.preventDefault(); opened?.amount === amount ? close() : open(amount, note); }
    if (event.target.closest("[data-close]") && close()) event.preventDefault();
    if (event.target.closest("[data-menu-open]")) { event.preventDefault(); openMenu(); }
    const choice = event.target.closest("[data-theme-choice]");
    if (choice) { theme.keep(choice.dataset.themeChoice); theme.apply(choice.dataset.themeChoice); showTheme(); }
    all("[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  }

  function showTheme() {
    all("[data-theme-choice]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme.read())));
  }

  function listKeys() {
    const list = document.querySelector("[data-shortcuts]");
    all("[data-go], [data-key]").forEach((place) => {
      const line = list?.appendChild(document.createElement("div"));
      if (!line) return;
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
    all("[data-themes]").forEach((choices) => { choices.hidden = false; });
    all("[data-menu-open]").forEach((button) => { button.setAttribute("role", "button"); button.setAttribute("aria-expanded", "false"); });
    showTheme();
    listKeys();
    showAsked();
    document.querySelector("[data-errors]")?.focus();
    new ResizeObserver(place).observe(document.body);
    document.fonts?.ready.then(place);
  });
})();

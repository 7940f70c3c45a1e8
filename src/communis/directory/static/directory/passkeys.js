// Passkeys need a script: what offers them is shown when the browser knows them, and a refusal is said in the page.
(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const refused = (shown) => all("[data-passkey-refused]").forEach((words) => { words.hidden = !shown; });

  document.addEventListener("DOMContentLoaded", () => {
    const known = Boolean(window.PublicKeyCredential && navigator.credentials);
    all("[data-passkey]").forEach((part) => { part.hidden = !known; });
    all("[data-no-passkey]").forEach((part) => { part.hidden = known; });
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    refused(true);
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-passkey] button")) refused(false); });
})();

// Toasts: what was done stays twelve seconds, longer while somebody reads it, and can be sent away; what
// failed stays until then.
(function () {
  "use strict";

  const life = 12000;
  const region = document.getElementById("toasts");
  const alerts = document.getElementById("alerts");
  if (!region) {
    return;
  }

  function start(toast) {
    clearTimeout(toast.timer);
    if (!toast.classList.contains("is-failed") && !toast.matches(":hover") && !toast.contains(document.activeElement)) {
      toast.timer = setTimeout(() => toast.remove(), life);
    }
  }

  function adopt(toast) {
    if (toast.adopted) {
      return;
    }
    toast.adopted = true;
    ["mouseenter", "focusin"].forEach((name) => toast.addEventListener(name, () => clearTimeout(toast.timer)));
    ["mouseleave", "focusout"].forEach((name) => toast.addEventListener(name, () => setTimeout(() => start(toast))));
    toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove());
    start(toast);
  }

  new MutationObserver(() => document.querySelectorAll("[data-toast]").forEach(adopt)).observe(region, { childList: true, subtree: true });
  document.querySelectorAll("[data-toast]").forEach(adopt);

  // complain says that something did not work; it stays.
  window.frontdesk.complain = (text) => {
    const toast = document.createElement("div");
    toast.className = "toast is-failed";
    toast.dataset.toast = "";
    const words = document.createElement("p");
    words.textContent = text || region.dataset.failed;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button small";
    close.dataset.dismiss = "";
    close.textContent = region.dataset.close;
    toast.append(words, close);
    alerts.replaceChildren(toast);
    adopt(toast);
  };

  document.body.addEventListener("htmx:responseError", (e) => {
    if (e.detail.xhr.status !== 422 && e.detail.target?.id !== "dialog-body") {
      window.frontdesk.complain();
    }
  });
})();

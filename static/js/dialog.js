// Acts in a dialog: a link with data-dialog opens its page over this one, the form in it posts by itself,
// what is refused is drawn where it stands, what is done closes the dialog, refreshes the page and is told
// by a toast. Without this file the same links and forms are pages.
(function () {
  "use strict";

  const dialog = document.getElementById("dialog");
  const inside = document.getElementById("dialog-body");
  if (!dialog || !window.htmx) {
    return;
  }
  const forms = "form[data-undo], form[data-quick], #dialog form[data-act-form]";
  let back = null; // gives the focus back to where it was when the dialog opened

  function note(text) {
    const p = document.createElement("p");
    p.className = "notice danger";
    p.setAttribute("role", "alert");
    p.textContent = text;
    return p;
  }

  // show opens the dialog, remembering where the focus was.
  function show() {
    if (!dialog.open) {
      back = back || window.frontdesk.focusLater(document.activeElement);
      dialog.showModal();
    }
  }

  // open shows the page a link leads to; the focus comes back to the link, or to where it is said to have
  // come from.
  function open(link, from = link) {
    back = window.frontdesk.focusLater(from);
    const wait = document.createElement("p");
    wait.className = "muted";
    wait.textContent = dialog.dataset.loading;
    inside.replaceChildren(wait);
    show();
    window.htmx.ajax("GET", link.getAttribute("href"), { target: inside, swap: "innerHTML" });
  }

  // settle names the dialog by its heading and puts the focus where the work is: on what is wrong, else on
  // the first field, else on the heading.
  function settle() {
    const title = inside.querySelector("h1, h2");
    if (title) {
      title.id = title.id || "dialog-title";
      title.tabIndex = -1;
      dialog.setAttribute("aria-labelledby", title.id);
    }
    const wrong = inside.querySelector("[data-focus]");
    const field = inside.querySelector("input:not([type=hidden]):not([disabled]), textarea, select");
    (wrong || field || title || dialog).focus();
    dialog.scrollTop = 0;
  }

  // attach lets forms post without leaving the page.
  function attach(root) {
    const found = [...root.querySelectorAll(forms)];
    if (root.matches?.(forms)) {
      found.push(root);
    }
    found.forEach((form) => {
      if (form.hasAttribute("hx-post")) {
        return;
      }
      form.setAttribute("hx-post", form.getAttribute("action"));
      form.setAttribute("hx-target", "#dialog-body");
      form.setAttribute("hx-swap", "innerHTML");
      form.setAttribute("hx-disabled-elt", "find [type=submit]");
      window.htmx.process(form);
    });
  }

  document.addEventListener("click", (e) => {
    const link = e.target.closest("a[data-dialog]");
    if (link && e.button === 0 && !e.metaKey && !e.ctrlKey && !e.shiftKey && !e.altKey && !e.defaultPrevented) {
      e.preventDefault();
      open(link);
      return;
    }
    if (dialog.open && (e.target.closest("#dialog [data-close]") || e.target === dialog && !touched())) {
      e.preventDefault();
      dialog.close();
    }
  });

  // touched tells whether something was typed that a stray click would lose.
  const touched = () =>
    [...inside.querySelectorAll("input:not([type=hidden]), textarea")].some((el) => el.value !== el.defaultValue || el.checked !== el.defaultChecked);

  dialog.addEventListener("close", () => {
    inside.replaceChildren();
    back?.();
    back = null;
  });

  document.body.addEventListener("htmx:beforeSwap", (e) => {
    const status = e.detail.xhr.status;
    if (e.detail.target !== inside || status < 400 || status === 422) {
      return;
    }
    e.detail.isError = false;
    if (e.detail.requestConfig.verb === "get") {
      e.detail.shouldSwap = true; // the page says why it cannot be opened
      return;
    }
    if (dialog.open) {
      inside.querySelectorAll(":scope > .notice.danger").forEach((n) => n.remove());
      const words = new DOMParser().parseFromString(e.detail.xhr.responseText, "text/html").querySelector("[data-error] p")?.textContent;
      inside.prepend(note(words || dialog.dataset.failed)); // and what was typed stays
      dialog.scrollTop = 0;
    } else {
      window.frontdesk.complain();
    }
  });

  document.body.addEventListener("htmx:sendError", (e) => {
    if (e.detail.target === inside) {
      dialog.open ? inside.prepend(note(dialog.dataset.failed)) : window.frontdesk.complain();
    }
  });

  // What was just drawn is attached in the same breath: htmx:load comes some milliseconds later, and a form
  // that is sent in between would leave the page.
  document.body.addEventListener("htmx:afterSwap", (e) => {
    attach(document);
    if (e.detail.target === inside && inside.childElementCount > 0) {
      show();
      settle();
    }
  });

  document.body.addEventListener("acted", (e) => {
    if (dialog.open) {
      inside.replaceChildren(); // what is empty is not shown again when the swap, which swaps nothing, ends
      dialog.close();
    }
    e.target.closest?.("[data-toast]")?.remove();
    window.frontdesk.refresh();
  });

  attach(document);
  document.body.addEventListener("htmx:load", (e) => attach(e.detail.elt));
  window.frontdesk.open = open;
})();

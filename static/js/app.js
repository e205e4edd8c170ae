// Page behaviour that HTML alone cannot give: the CSRF token on htmx requests, the content that fetches
// itself again (live, paused, lost, back) without taking away what somebody is doing in it, a tint on what
// is new, and focus where a page asks for it. Every page works without this file.
(function () {
  "use strict";

  const body = document.body;
  const content = () => document.getElementById("content");
  const live = () => document.querySelector("[data-live]");
  const status = document.getElementById("live-status");

  // finder tells later where an element is: itself, or what stands in its place once the page has been drawn
  // again, known by its id, else by where it leads.
  function finder(el) {
    const href = el?.matches?.("a[href]") && el.getAttribute("href");
    const selector = el?.id ? "#" + CSS.escape(el.id) : href ? `a[href="${CSS.escape(href)}"]` : "";
    return () => (el?.isConnected ? el : selector && document.querySelector(selector)) || null;
  }

  // What the scripts of the rooms share.
  const frontdesk = (window.frontdesk = {
    announce(text) {
      if (status && text) {
        status.textContent = "";
        status.textContent = text;
      }
    },
    // focusLater remembers what to give the focus back to; without it the page has it.
    focusLater(el) {
      const find = finder(el);
      return () => (find() || document.getElementById("main"))?.focus({ preventScroll: true });
    },
    // refresh fetches the page's content again, where it stands.
    refresh() {
      if (content()) {
        window.htmx.trigger(content(), "refresh");
      }
    },
  });
  const announce = frontdesk.announce;

  function setState(state) {
    const el = document.querySelector(".live");
    if (el && el.dataset.state !== state) {
      el.dataset.state = state;
    }
  }

  const state = () => document.querySelector(".live")?.dataset.state;
  const keys = (root) => new Set([...root.querySelectorAll("[data-key]")].map((e) => e.dataset.key));

  // A page that fetches itself again says so, unless somebody has touched it since its last request: only
  // people keep a session from ending.
  let touched = false;
  ["pointerdown", "keydown", "wheel"].forEach((name) =>
    document.addEventListener(name, () => (touched = true), { capture: true, passive: true }),
  );

  body.addEventListener("htmx:configRequest", (e) => {
    if (e.detail.verb !== "get" && body.dataset.csrf) {
      e.detail.headers["X-CSRF-Token"] = body.dataset.csrf;
    }
    if (e.target === content() && !touched) {
      e.detail.headers["X-Unattended"] = "yes";
    }
    touched = false;
  });

  // A refresh waits while a word is being composed, a list is open under the pointer, a button is being
  // pressed, or something is dragged: whoever drags sets data-hold on the body and sends "free" when done.
  // One that was on its way already is not drawn.
  let composing = false;
  let pressed = false;
  let held = false;
  function busy() {
    const at = document.activeElement;
    const picks = at && content()?.contains(at) && at.matches("select, input[type=date], input[type=time], input[type=datetime-local]");
    return composing || pressed || picks || "hold" in body.dataset;
  }
  function release() {
    if (held && !busy()) {
      held = false;
      frontdesk.refresh();
    }
  }
  document.addEventListener("compositionstart", () => (composing = true));
  document.addEventListener("compositionend", () => {
    composing = false;
    release();
  });
  document.addEventListener("pointerdown", (e) => (pressed = e.button === 0), { capture: true, passive: true });
  function lift() {
    pressed = false;
    setTimeout(release); // after the click that ends here
  }
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, lift, { capture: true, passive: true }));
  window.addEventListener("blur", lift); // nobody will tell where the button comes up
  document.addEventListener("focusout", () => setTimeout(release));
  body.addEventListener("free", release);

  // While paused, the reader hears that something changed and nothing moves.
  body.addEventListener("htmx:beforeRequest", (e) => {
    const el = content();
    if (!el || e.target !== el) {
      return;
    }
    const cause = e.detail.requestConfig.triggeringEvent;
    if (state() === "paused" && cause && cause.type !== "refresh") {
      announce(el.dataset.waiting);
      e.preventDefault();
    } else if (busy()) {
      held = true;
      e.preventDefault();
    }
  });

  // What somebody typed, ticked, opened or scrolled to outlives a refresh. It is found again by its id.
  let before = new Set();
  let kept = null;

  const typed = (el) =>
    el.matches("input[type=checkbox], input[type=radio]") ? el.checked !== el.defaultChecked
    : el.matches("select") ? [...el.options].some((o) => o.selected !== o.defaultSelected)
    : el.type !== "hidden" && el.value !== el.defaultValue;

  function keep(root) {
    const fields = [...root.querySelectorAll("input[id], textarea[id], select[id]")].filter(typed);
    const at = document.activeElement;
    return {
      fields: fields.map((el) => ({ id: el.id, value: el.value, checked: el.checked })),
      open: [...root.querySelectorAll("details[id]")].map((d) => ({ id: d.id, open: d.open })),
      scrolled: [...root.querySelectorAll("[id], [data-scroll]")]
        .filter((el) => el.scrollTop !== 0 || el.scrollLeft !== 0)
        .map((el) => ({ at: el.id ? "#" + CSS.escape(el.id) : `[data-scroll="${el.dataset.scroll}"]`, top: el.scrollTop, start: el.scrollLeft })),
      focus: root.contains(at) ? { back: frontdesk.focusLater(at), from: at.selectionStart, to: at.selectionEnd } : null,
    };
  }

  function restore(k) {
    k.fields.forEach((f) => {
      const el = document.getElementById(f.id);
      if (!el) {
        return;
      }
      if (el.matches("input[type=checkbox], input[type=radio]")) {
        el.checked = f.checked;
      } else {
        el.value = f.value;
      }
      el.dispatchEvent(new Event("restored", { bubbles: true }));
    });
    k.open.forEach((d) => {
      const el = document.getElementById(d.id);
      if (el) {
        el.open = d.open;
      }
    });
    k.scrolled.forEach((s) => {
      const el = document.querySelector(s.at);
      if (el) {
        el.scrollTop = s.top;
        el.scrollLeft = s.start;
      }
    });
    if (k.focus) {
      k.focus.back();
      const at = document.activeElement;
      if (k.focus.from !== null && k.focus.from !== undefined && at.setSelectionRange) {
        at.setSelectionRange(k.focus.from, k.focus.to);
      }
    }
  }

  body.addEventListener("htmx:beforeSwap", (e) => {
    if (e.detail.target === content() && busy()) {
      held = true;
      e.detail.shouldSwap = false;
    } else if (e.detail.target === content()) {
      before = keys(e.detail.target);
      kept = keep(e.detail.target);
    }
  });

  body.addEventListener("htmx:afterSwap", (e) => {
    if (e.detail.target === content() && kept) {
      restore(kept);
      kept = null;
    }
  });

  body.addEventListener("htmx:afterSettle", (e) => {
    const el = live();
    if (!el || before.size === 0 || e.detail.target !== el) {
      return;
    }
    let fresh = 0;
    el.querySelectorAll("[data-key]").forEach((row) => {
      if (!before.has(row.dataset.key)) {
        row.classList.add("is-new");
        fresh += 1;
      }
    });
    before = new Set();
    if (fresh > 0) {
      announce(el.dataset.updated);
    }
  });

  // Streams end now and then by design; a reader is told only when the next one does not follow soon.
  let gone = false;
  let telling;
  body.addEventListener("htmx:sseOpen", () => {
    clearTimeout(telling);
    const was = state();
    const missedSome = gone;
    gone = false;
    if (was === "paused") {
      return;
    }
    setState("on");
    if (was === "lost") {
      announce(live()?.dataset.back);
    }
    if (missedSome) {
      frontdesk.refresh(); // whatever was published meanwhile
    }
  });
  body.addEventListener("htmx:sseError", () => {
    if (gone) {
      return;
    }
    gone = true;
    telling = setTimeout(() => {
      if (state() !== "paused") {
        setState("lost");
        announce(live()?.dataset.lost);
      }
    }, 3000);
  });

  body.addEventListener("click", (e) => {
    const el = e.target.closest("[data-act]");
    if (!el) {
      return;
    }
    if (el.dataset.act === "pause") {
      setState("paused");
      announce(live()?.dataset.paused);
      document.querySelector('[data-act="resume"]')?.focus();
    }
    if (el.dataset.act === "resume") {
      setState("on");
      frontdesk.refresh();
      document.querySelector('[data-act="pause"]')?.focus();
    }
    if (el.dataset.act === "print") {
      window.print();
    }
  });

  // A menu closes when the pointer or Escape goes elsewhere.
  document.addEventListener("click", (e) => {
    document.querySelectorAll("details[data-menu][open]").forEach((d) => {
      if (!d.contains(e.target)) {
        d.open = false;
      }
    });
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      document.querySelectorAll("details[data-menu][open]").forEach((d) => {
        d.open = false;
        d.querySelector("summary").focus();
      });
    }
  });

  // A text area says how much room is left.
  function count(el) {
    const out = document.getElementById(el.dataset.counts);
    if (out && el.maxLength > 0) {
      out.textContent = out.dataset.left.replace("#", el.maxLength - [...el.value].length);
    }
  }
  ["input", "restored"].forEach((name) =>
    document.addEventListener(name, (e) => e.target.dataset?.counts && count(e.target)),
  );

  // A form that takes a moment says so, and is sent once. Whoever comes back by the browser's button finds it
  // as it was.
  const waiting = new Map();
  document.addEventListener("submit", (e) => {
    const button = e.target.querySelector("button[data-busy]");
    if (!button || e.defaultPrevented) {
      return;
    }
    if (waiting.has(button)) {
      e.preventDefault();
      return;
    }
    waiting.set(button, [...button.childNodes]);
    button.classList.add("is-busy");
    button.replaceChildren(button.dataset.busy);
    e.target.setAttribute("aria-busy", "true");
    announce(button.dataset.busy);
  });
  window.addEventListener("pageshow", () => {
    waiting.forEach((nodes, button) => {
      button.classList.remove("is-busy");
      button.replaceChildren(...nodes);
      button.form?.removeAttribute("aria-busy");
    });
    waiting.clear();
  });

  // ready prepares what has just come onto the page.
  function ready(root) {
    // Buttons that only work with a script appear only with one.
    root.querySelectorAll("[data-needs-script]").forEach((e) => e.removeAttribute("hidden"));
    root.querySelectorAll("[data-counts]").forEach(count);
  }
  ready(document);
  body.addEventListener("htmx:load", (e) => ready(e.detail.elt));
  document.querySelector("main [data-focus]")?.focus();
})();

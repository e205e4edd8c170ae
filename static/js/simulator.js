// The Simulator room: Enter sends, new bubbles are seen and said, and the page fetches itself again when
// something has changed. Without this file the button sends and a page is as old as its load.
(function () {
  "use strict";

  const EVERY = 2000; // milliseconds; one small question, and none while nobody looks
  const room = () => document.querySelector("[data-simulator]");
  const bubbles = () => [...document.querySelectorAll(".sim-thread [data-key]")];
  let asking = false;

  // A page that breaks what it stands on says that it cannot be reached.
  function unreached(is) {
    const words = document.querySelector("[data-unreached]");
    if (words) {
      words.hidden = !is;
    }
  }

  async function ask() {
    const at = room();
    if (!at || asking || document.hidden || document.querySelector("dialog[open]")) {
      return;
    }
    asking = true;
    try {
      const res = await fetch(at.dataset.simulator, { headers: { Accept: "application/json", "X-Unattended": "yes" } });
      unreached(!res.ok);
      if (res.ok && (await res.json()).pulse !== room()?.dataset.pulse) {
        window.frontdesk.refresh();
      }
    } catch {
      unreached(true); // the next question is soon
    } finally {
      asking = false;
    }
  }
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);

  // What arrives is tinted, said aloud and scrolled to.
  let seen = new Set(bubbles().map((b) => b.dataset.key));
  let heard = room() !== null;
  document.body.addEventListener("htmx:afterSettle", (e) => {
    if (e.detail.target.id !== "content" || !room()) {
      return;
    }
    const fresh = bubbles().filter((b) => !seen.has(b.dataset.key));
    const another = seen.size > 0 && bubbles().every((b) => !seen.has(b.dataset.key));
    seen = new Set(bubbles().map((b) => b.dataset.key));
    if (fresh.length === 0) {
      return;
    }
    const screen = document.getElementById("sim-screen");
    screen.scrollTop = 0; // reversed: the newest is at zero
    if (heard && !another) {
      fresh.forEach((b) => b.querySelector(".sim-words").classList.add("is-new"));
    }
    const said = fresh.filter((b) => !("mine" in b.dataset)).map((b) => b.querySelector(".sim-words").innerText.replace(/\s+/g, " "));
    window.frontdesk.announce(said.join(" "));
    heard = true;
  });

  // A list closes when a row of it is chosen, and the line a scenario opens with leaves its place to the field.
  let offered = false;
  document.addEventListener("submit", (e) => {
    const list = e.target.closest(".sim-list");
    if (list) {
      list.querySelector("summary").focus();
      list.open = false;
    }
    const offer = e.target.querySelector(".sim-offer");
    offered = offer !== null && offer === document.activeElement;
  });
  document.body.addEventListener("htmx:afterSettle", (e) => {
    if (e.detail.target.id === "content" && offered && document.activeElement === document.body) {
      offered = false;
      document.getElementById("sim-text")?.focus({ preventScroll: true });
    }
  });

  // What is sent leaves the field at once, so that the next words can be typed meanwhile; it comes back when it
  // could not be sent.
  let sent = "";
  const field = () => document.getElementById("sim-text");
  document.body.addEventListener("htmx:beforeRequest", (e) => {
    if (e.target.matches(".sim-write") && field()) {
      sent = field().value;
      field().value = "";
    }
  });
  ["htmx:sendError", "htmx:responseError"].forEach((name) =>
    document.body.addEventListener(name, (e) => {
      if (e.target.matches(".sim-write") && field()?.value === "") {
        field().value = sent;
      }
    }),
  );

  // Enter sends, Shift-Enter begins a line; a word that is being composed is left alone.
  document.addEventListener("keydown", (e) => {
    if (e.target.id === "sim-text" && e.key === "Enter" && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      e.target.form.requestSubmit(e.target.form.querySelector(".sim-send"));
    }
  });
})();

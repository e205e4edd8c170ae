// What the shop's pages tell of themselves, for figures: which page was looked at, and where a chat was chosen. Nothing
// about a person goes along; the visit is a made-up id that this window forgets when it is closed. Reading a page writes
// nothing on the server, so that what only looks is told from here.
(function () {
  "use strict";

  const main = document.querySelector(".public-main");
  if (!main || !navigator.sendBeacon || !window.crypto?.getRandomValues) {
    return;
  }

  // uuid is a random one; randomUUID is there on secure pages only.
  function uuid() {
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 0x0f) | 0x40;
    b[8] = (b[8] & 0x3f) | 0x80;
    const hex = [...b].map((x) => x.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  function visit() {
    try {
      const known = sessionStorage.getItem("visit");
      if (known) {
        return known;
      }
      const made = uuid();
      sessionStorage.setItem("visit", made);
      return made;
    } catch {
      return undefined; // storage is closed: a visit by itself
    }
  }

  function tell(kind, place) {
    const body = JSON.stringify({ kind, place, visit: visit() });
    navigator.sendBeacon("/events", new Blob([body], { type: "application/json" }));
  }

  function place() {
    const path = location.pathname;
    const known = [
      ["/products/", "product"],
      ["/products", "list"],
      ["/cart", "cart"],
      ["/checkout", "checkout"],
      ["/orders", "order"],
      ["/returns", "returns"],
      ["/support", "support"],
      ["/handoff", "handoff"],
    ];
    const at = known.find(([begins]) => path.startsWith(begins));
    return path === "/" ? "home" : at ? at[1] : "other";
  }

  const seen = main.querySelector("[data-view]");
  if (seen) {
    tell(seen.dataset.view);
  }

  main.addEventListener("click", (e) => {
    if (e.target.closest?.('a[href^="https://wa.me/"], a[href^="/handoff/whatsapp"]')) {
      tell("click_whatsapp_handoff", place());
    }
  });
})();

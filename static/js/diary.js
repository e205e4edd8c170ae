// The diary's board: visits and free times by arrow keys, and a visit moved to another time or
// stylist by dragging it or by keyboard. Neither changes anything: both open the form that says what
// will happen, with the chosen time filled in. Without this file the same form is a link.
(function () {
  "use strict";

  const SLIP = 6; // px a pointer may slip and still be a click
  const REST = 350; // ms a finger rests before it drags; before that it scrolls
  const EDGE = 56; // px from an edge where dragging scrolls
  const wide = window.matchMedia("(min-width: 48.01rem)"); // below it the day is a list without a scale

  let move = null; // the visit being moved
  let press = null; // a pointer that may become a drag

  const pad = (n) => String(n).padStart(2, "0");
  const clock = (minute) => pad(Math.floor(minute / 60)) + ":" + pad(minute % 60);
  const minuteOf = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");

  const announce = (text) => window.frontdesk.announce(text);

  function columnsOf(board) {
    const columns = [...board.querySelectorAll("[data-stylist]")];
    return columns.sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left);
  }

  // rowsOf reads where an item stands from its position classes.
  function rowsOf(item) {
    const from = /(?:^|\s)from-(\d+)/.exec(item.className);
    const rows = /(?:^|\s)for-(\d+)/.exec(item.className);
    return from && rows ? [Number(from[1]), Number(from[1]) + Number(rows[1])] : null;
  }

  function taken(m) {
    return [...m.column.querySelectorAll(".lane > li")].some((item) => {
      const other = item.querySelector("[data-taken]");
      const at = rowsOf(item);
      return other && at && other !== m.visit && at[0] < m.row + m.rows && m.row < at[1];
    });
  }

  function begin(visit, grabbed) {
    const board = visit.closest("[data-board]");
    const ghost = document.createElement("li");
    ghost.setAttribute("aria-hidden", "true");
    const minutes = Number(visit.dataset.minutes);
    const [from, row, rows] = ["from", "row", "rows"].map((name) => Number(board.dataset[name]));
    move = {
      visit, board, ghost, minutes, grabbed, row: 0, rows: Math.max(1, Math.ceil(minutes / row)),
      unit: row, from, to: from + (rows - 1) * row, snap: Number(board.dataset.snap),
      column: visit.closest("[data-stylist]"), at: minuteOf(visit.dataset.at),
    };
    move.home = { column: move.column, at: move.at };
    document.body.dataset.hold = ""; // nothing is redrawn under the hand
    visit.classList.add("is-moving");
    board.classList.add("is-busy");
    place(move.column, move.at);
  }

  // place puts the ghost on a stylist's time: on the grid, inside the day.
  function place(column, at) {
    const last = Math.max(move.from, move.to - move.minutes);
    const snapped = at === move.home.at ? at : Math.round(at / move.snap) * move.snap;
    move.at = Math.min(Math.max(snapped, move.from), last);
    move.column = column;
    move.row = Math.floor((move.at - move.from) / move.unit) + 1;
    move.ghost.className = "ghost from-" + move.row + " for-" + move.rows;
    move.ghost.textContent = clock(move.at) + "–" + clock(move.at + move.minutes);
    column.querySelector(".lane").append(move.ghost);
    move.taken = taken(move);
    move.ghost.classList.toggle("is-taken", move.taken);
  }

  function sayPlace() {
    const facts = { time: clock(move.at), stylist: move.column.dataset.name };
    announce(fill(move.taken ? move.board.dataset.sayTaken : move.board.dataset.sayPlace, facts));
  }

  function end() {
    const m = move;
    move = null;
    press = null;
    if (!m) {
      return null;
    }
    m.ghost.remove();
    m.visit.classList.remove("is-moving");
    m.board.classList.remove("is-busy");
    delete document.body.dataset.hold;
    document.body.dispatchEvent(new CustomEvent("free"));
    return m;
  }

  function stop() {
    const m = end();
    if (m) {
      announce(m.board.dataset.sayCancel);
    }
  }

  // choose opens the form with the new time; a visit that stayed where it was changes nothing.
  function choose() {
    const m = end();
    if (!m || (m.column === m.home.column && m.at === m.home.at)) {
      return;
    }
    const url = new URL(m.visit.dataset.move, window.location.origin);
    url.searchParams.set("day", m.board.dataset.day);
    url.searchParams.set("time", clock(m.at));
    url.searchParams.set("stylist", m.column.dataset.stylist);
    open(url.pathname + url.search, m.visit);
  }

  // By pointer.

  function follow(x, y) {
    const columns = columnsOf(move.board);
    const under = columns.find((c) => x < c.getBoundingClientRect().right) ?? columns[columns.length - 1];
    const lane = under.querySelector(".lane").getBoundingClientRect();
    const unit = lane.height / Number(move.board.dataset.rows);
    place(under, move.from + Math.round((y - lane.top) / unit) * move.unit - move.grabbed);
  }

  function scrollAtEdges() {
    if (!move || !press) {
      return;
    }
    const scroller = move.board.parentElement;
    const box = scroller.getBoundingClientRect();
    const pull = (at, low, high) => (at < low + EDGE ? -10 : at > high - EDGE ? 10 : 0);
    const down = pull(press.y, 0, window.innerHeight);
    const along = pull(press.x, box.left, box.right);
    if (down || along) {
      window.scrollBy(0, down);
      scroller.scrollLeft += along;
      follow(press.x, press.y);
    }
    window.requestAnimationFrame(scrollAtEdges);
  }

  function lift() {
    const lane = press.visit.closest(".lane").getBoundingClientRect();
    const board = press.visit.closest("[data-board]");
    const unit = lane.height / Number(board.dataset.rows);
    const at = Number(board.dataset.from) + ((press.y - lane.top) / unit) * Number(board.dataset.row);
    press.visit.setPointerCapture(press.id);
    begin(press.visit, Math.round(at - minuteOf(press.visit.dataset.at)));
    window.requestAnimationFrame(scrollAtEdges);
  }

  document.addEventListener("pointerdown", (e) => {
    const visit = e.target.closest?.("[data-board] [data-move]");
    if (!visit || e.button !== 0 || !wide.matches || move) {
      return;
    }
    press = { visit, id: e.pointerId, x: e.clientX, y: e.clientY, left: e.clientX, top: e.clientY, touch: e.pointerType === "touch" };
    if (press.touch) {
      const mine = press;
      press.timer = setTimeout(() => {
        if (press === mine) {
          lift();
        }
      }, REST);
    }
  });

  document.addEventListener("pointermove", (e) => {
    if (!press || e.pointerId !== press.id) {
      return;
    }
    press.x = e.clientX;
    press.y = e.clientY;
    if (move) {
      follow(press.x, press.y);
      return;
    }
    if (Math.hypot(press.x - press.left, press.y - press.top) < SLIP) {
      return;
    }
    if (press.touch) {
      clearTimeout(press.timer); // it scrolls
      press = null;
      return;
    }
    const to = { x: press.x, y: press.y };
    press.y = press.top;
    lift();
    press.y = to.y;
    follow(to.x, to.y);
  });

  document.addEventListener("pointerup", (e) => {
    if (!press || e.pointerId !== press.id) {
      return;
    }
    clearTimeout(press.timer);
    press = null;
    if (move) {
      swallowClick();
      choose();
    }
  });

  document.addEventListener("pointercancel", () => {
    if (press) {
      clearTimeout(press.timer);
      stop();
      press = null;
    }
  });

  // The click that ends a drag opens nothing.
  function swallowClick() {
    const swallow = (e) => {
      e.preventDefault();
      e.stopPropagation();
    };
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, true), 0);
  }

  document.addEventListener("dragstart", (e) => {
    if (e.target.closest?.("[data-board] .visit")) {
      e.preventDefault(); // the browser would drag the link's address
    }
  });
  document.addEventListener("contextmenu", (e) => {
    if (press?.touch) {
      e.preventDefault(); // a resting finger lifts the visit
    }
  });
  document.addEventListener("touchmove", (e) => {
    if (move && press) {
      e.preventDefault();
    }
  }, { passive: false });

  // By keyboard.

  const arrows = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

  // neighbour is the nearest visit or free time in a direction as it is seen, whichever way the page runs.
  function neighbour(from, [dx, dy]) {
    const here = from.getBoundingClientRect();
    let best = null;
    let least = Infinity;
    for (const el of from.closest(".diary").querySelectorAll("a.visit, a.free")) {
      const box = el.getBoundingClientRect();
      const along = dx ? dx * (middle(box, "x") - middle(here, "x")) : dy * (box.top - here.top);
      const aside = dx ? Math.abs(box.top - here.top) : Math.abs(middle(box, "x") - middle(here, "x"));
      if (el === from || box.width === 0 || along < 2) {
        continue;
      }
      const far = along + 3 * aside;
      if (far < least) {
        least = far;
        best = el;
      }
    }
    return best;
  }

  const middle = (box, axis) => (axis === "x" ? (box.left + box.right) / 2 : (box.top + box.bottom) / 2);

  function shift([dx, dy]) {
    const columns = columnsOf(move.board);
    const next = columns[columns.indexOf(move.column) + dx] ?? move.column;
    place(next, move.at + dy * move.snap);
    move.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
    sayPlace();
  }

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) {
      return;
    }
    if (move) {
      steer(e);
      return;
    }
    const here = e.target.closest?.(".diary a.visit, .diary a.free");
    if (!here) {
      return;
    }
    if (arrows[e.key]) {
      const to = neighbour(here, arrows[e.key]);
      if (to) {
        e.preventDefault();
        to.focus();
      }
    } else if (e.key.toLowerCase() === "m" && here.dataset.move && wide.matches && here.closest("[data-board]")) {
      e.preventDefault();
      begin(here, 0);
      announce(move.board.dataset.sayStart);
    }
  });

  function steer(e) {
    if (e.key === "Escape") {
      e.preventDefault();
      e.stopPropagation();
      stop();
    } else if (press) {
      return; // the pointer has it
    } else if (arrows[e.key]) {
      e.preventDefault();
      shift(arrows[e.key]);
    } else if (e.key === "Enter") {
      e.preventDefault();
      choose();
    } else if (e.key === "Tab") {
      stop();
    }
  }

  // Single keys of the room, as its links name them. They rest while somebody types or a dialog is open,
  // and can be turned off (WCAG 2.1.4).
  document.addEventListener("keydown", (e) => {
    const rests = document.body.dataset.keys === "off" || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.defaultPrevented || move;
    if (rests || e.target.matches?.("input, textarea, select, [role=combobox]") || document.querySelector("dialog[open]")) {
      return;
    }
    const link = [...document.querySelectorAll("#content [data-shortcut]")].find((el) => el.dataset.shortcut === e.key.toLowerCase());
    if (link) {
      e.preventDefault();
      link.click();
    }
  });

  // open shows an act's form as its link would: in the dialog where there is one. The focus comes back to
  // the visit.
  function open(url, from) {
    const dialog = document.getElementById("dialog");
    if (!dialog || !window.frontdesk.open) {
      window.location.assign(url);
      return;
    }
    const link = document.createElement("a");
    link.href = url;
    window.frontdesk.open(link, from);
  }
})();

package browser

import (
	"fmt"
	"time"

	"frontdesk/e2e/harness"
)

// visitMoved: an operator moves a visit in the dialog; customer and stylist are told, and told again
// when it is taken back. That Friday Dana is free once more: at 18:00.
func visitMoved(s stage) {
	phone, visit := s.booked()
	desk := s.desk("operator")
	s.open(desk, "/console/diary?day="+friday)
	desk.Click(card(visit))
	desk.Click(fmt.Sprintf(".panel a[href*='/console/diary/visits/%s/move']", visit.ID))
	desk.Sees("#dialog .times", "")
	s.picture(desk, "move-1-times")
	said, known := len(s.app.Received(phone)), len(s.app.Received(danasPhone))
	desk.Choose("#dialog input[name=time]", "18:00")
	desk.Click(submit)
	desk.Sees("#dialog .change", "12:30", "18:00")
	desk.Sees("#dialog .message-preview", "18:00")
	s.picture(desk, "move-2-what-follows")
	desk.Click(submit)
	desk.Sees(toast, "18:00")
	desk.Gone("#dialog[open]")
	desk.Sees(card(visit), "18:00")
	s.picture(desk, "move-3-moved")
	s.startsAt(phone, "18:00")
	s.told(phone, said, "18:00", words{"en": "Dana", "ar": "دانا"}[s.lang])
	s.told(danasPhone, known, "18:00", "12:30")

	said = len(s.app.Received(phone))
	desk.Click(undo)
	desk.Sees(card(visit), "12:30")
	s.startsAt(phone, "12:30")
	s.told(phone, said, "12:30")
	s.picture(desk, "move-4-taken-back")
}

// visitDragged: dragging a visit shows what would follow and changes nothing until somebody says so.
func visitDragged(s stage) {
	phone, visit := s.booked()
	desk := s.desk("operator")
	s.open(desk, "/console/diary?day="+friday)
	desk.Until("the board is ready", "window.frontdesk && window.frontdesk.open")
	heldUnderTheHand(s, desk, pointer("pointerdown", card(visit)), pointer("pointerup", card(visit)))
	from := desk.Middle(card(visit))
	later := harness.Eval[float64](desk, `(() => { const b = document.querySelector("[data-board]"), rows = 5.5 * 60 / Number(b.dataset.row);
		return document.querySelector(".lane").getBoundingClientRect().height / Number(b.dataset.rows) * rows })()`)

	desk.Drag(from, harness.Point{X: from.X, Y: from.Y + later})
	desk.Sees("#dialog .change", "12:30", "18:00")
	s.picture(desk, "drag-1-asked")
	s.startsAt(phone, "12:30")
	desk.Press("\x1b")
	desk.Gone("#dialog[open]")
	desk.FocusOn(card(visit))
	desk.Sees(card(visit), "12:30")

	said := len(s.app.Received(phone))
	from = desk.Middle(card(visit))
	desk.Drag(from, harness.Point{X: from.X, Y: from.Y + later})
	desk.Sees("#dialog .change", "18:00")
	desk.Click(submit)
	desk.Sees(card(visit), "18:00")
	s.startsAt(phone, "18:00")
	s.told(phone, said, "18:00")
	s.picture(desk, "drag-2-moved")
}

// card selects a visit on the diary's board.
func card(v harness.Visit) string { return fmt.Sprintf("a.visit[id='visit-%s']", v.ID) }

// startsAt is when the phone's only visit starts, as the salon believes it.
func (s stage) startsAt(phone, want string) {
	s.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		s.Fatal(err)
	}
	visits := s.app.State(phone).Appointments
	if len(visits) != 1 {
		s.Fatalf("visits %+v, want one", visits)
	}
	if got := visits[0].StartsAt.In(zone).Format("15:04"); got != want {
		s.Errorf("the visit starts at %s, want %s", got, want)
	}
}

package notify

import (
	"slices"
	"testing"
	"time"

	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// who has the visit now and who had it are both told, each about their own time, once per move.
func TestMovesReachBothStylists(t *testing.T) {
	o := open(t)
	o.approve()
	visit := o.booked("+447700900201")
	dana := models.Stylist{ID: models.NewID(), Code: "dana", Names: models.Text{"en": "Dana"}, Categories: models.Strings{"hair"}, Phone: "+447700900202", Active: true}
	o.create(&dana)
	was, later := visit.StartsAt, visit.StartsAt.Add(2*time.Hour)
	stands := func(stylist models.ID, start time.Time, status models.AppointmentStatus) {
		t.Helper()
		err := o.db.On(t.Context()).Model(&models.Appointment{}).Where("id = ?", visit.ID).UpdateColumns(map[string]any{
			"stylist_id": stylist, "starts_at": start, "ends_at": start.Add(time.Hour), "status": status,
		}).Error
		if err != nil {
			t.Fatal(err)
		}
	}
	change := func(from, to models.ID, fromAt, toAt time.Time) models.ID {
		e := models.AppointmentEvent{
			ID: models.NewID(), AppointmentID: visit.ID, FromStatus: models.Confirmed, ToStatus: models.Confirmed, FromDeposit: models.DepositPaid,
			ToDeposit: models.DepositPaid, Actor: "staff:x", Reason: "visit.moved", At: at,
			FromStylistID: &from, ToStylistID: &to, FromStartsAt: &fromAt, ToStartsAt: &toAt,
		}
		o.create(&e)
		return e.ID
	}
	salma := visit.StylistID
	within := change(salma, salma, was, later)
	away := change(salma, dana.ID, later, later)
	back := change(dana.ID, salma, later, was)
	for _, n := range []struct {
		event   string
		change  models.ID
		stylist models.ID // where the visit stands when the job runs
		start   time.Time
		status  models.AppointmentStatus
	}{
		{EventVisitMoved, within, dana.ID, later, models.Confirmed}, // too late: it has moved on
		{EventVisitMoved, within, salma, later, models.Cancelled},
		{EventVisitMoved, within, salma, later, models.Confirmed},
		{EventVisitMovedAway, away, dana.ID, later, models.Confirmed},
		{EventVisitMoved, away, dana.ID, later, models.Confirmed},
		{EventVisitMovedAway, back, salma, was, models.Confirmed},
		{EventVisitMoved, back, salma, was, models.Confirmed},
	} {
		stands(n.stylist, n.start, n.status)
		for range 2 { // the job may run again
			if err := o.Stylist(t.Context(), queue.StylistNotice{AppointmentID: visit.ID, Event: n.event, ChangeID: n.change}); err != nil {
				t.Fatal(err)
			}
		}
	}
	var got []string
	for _, event := range []string{EventVisitMoved, EventVisitMovedAway} {
		for _, n := range o.notices(event) {
			got = append(got, o.message(*n.MessageID).Content.Text)
		}
	}
	slices.Sort(got)
	want := []string{
		"en Dana, Visit moved to a colleague: Noor, Haircut + Blow-dry, Tue 6 Oct, 14:30",
		"en Dana, Visit moved to you: Noor, Haircut + Blow-dry, Tue 6 Oct, 14:30",
		"en Salma, Visit moved to a colleague: Noor, Haircut + Blow-dry, Tue 6 Oct, 14:30",
		"en Salma, Visit moved to you: Noor, Haircut + Blow-dry, Tue 6 Oct, 12:30",
		"en Salma, Visit moved, before: Tue 6 Oct, 12:30: Noor, Haircut + Blow-dry, Tue 6 Oct, 14:30",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A job that runs late announces no visit that has been cancelled meanwhile: its end is what is told.
func TestACancelledVisitIsNotAnnounced(t *testing.T) {
	o := open(t)
	o.approve()
	visit := o.booked("+447700900201")
	err := o.db.On(t.Context()).Model(&models.Appointment{}).Where("id = ?", visit.ID).UpdateColumn("status", models.Cancelled).Error
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []string{EventVisitCancelled, EventVisitConfirmed, EventVisitUrgent} {
		if err := o.tell(visit, event); err != nil {
			t.Fatal(err)
		}
	}
	if told, late := o.notices(EventVisitCancelled), append(o.notices(EventVisitConfirmed), o.notices(EventVisitUrgent)...); len(told) != 1 || len(late) != 0 {
		t.Errorf("told %d times of the end, and announced %d times", len(told), len(late))
	}
}

// A notice never says that a deposit is paid which is not.
func TestUrgentWithoutADeposit(t *testing.T) {
	o := open(t)
	o.approve()
	visit := o.booked("+447700900201")
	err := o.db.On(t.Context()).Model(&models.Appointment{}).Where("id = ?", visit.ID).UpdateColumn("deposit_state", models.DepositNone).Error
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []string{EventVisitUrgent, EventVisitCancelled} {
		if err := o.tell(visit, event); err != nil {
			t.Fatal(err)
		}
	}
	urgent, cancelled := o.notices(EventVisitUrgent)[0], o.notices(EventVisitCancelled)[0]
	if got, want := o.message(*urgent.MessageID).Content.Text, "en Salma, New visit today: Noor, Haircut + Blow-dry, Tue 6 Oct, 12:30"; got != want || !urgent.Urgent {
		t.Errorf("got %q urgent %t, want %q", got, urgent.Urgent, want)
	}
	if got, want := o.message(*cancelled.MessageID).Content.Text, "en Salma, Visit cancelled: Noor, Haircut + Blow-dry, Tue 6 Oct, 12:30"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

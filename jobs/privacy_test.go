package jobs

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"frontdesk/internal/booking"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/privacy"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// An erasure whose job ends for good says that it failed; one that has attempts left waits for them (R-1015).
func TestTheLastAttemptOfAnErasureSaysSo(t *testing.T) {
	t.Parallel()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	q, redis, policies, people := queue.New(db), testkit.Redis(t), settings.New(db, c), customers.New(db, c)
	office := privacy.New(db, c, policies, people, q, booking.New(db, c, q, policies, redis))
	someone, err := people.OfPhone(t.Context(), "+447700900888", models.English)
	if err != nil {
		t.Fatal(err)
	}
	request, err := office.Erase(t.Context(), privacy.Erasure{Subject: privacy.Subject{Customer: someone.ID}, Actor: "machine"})
	if err != nil {
		t.Fatal(err)
	}
	worker := erasure{rules: Rules{Privacy: office}}
	work := func(attempt int, patience time.Duration) (models.PrivacyRequestState, error) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		failed := worker.Work(ctx, &river.Job[queue.PrivacyErasure]{
			JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: 12}, Args: queue.PrivacyErasure{RequestID: request.ID},
		})
		var state models.PrivacyRequestState
		if err := db.On(t.Context()).Raw("SELECT state FROM privacy_requests WHERE id = ?", request.ID).Scan(&state).Error; err != nil {
			t.Fatal(err)
		}
		return state, failed
	}
	if state, err := work(1, 0); err == nil || state != models.RequestAccepted {
		t.Errorf("the first attempt, out of time: %s, %v", state, err)
	}
	if state, err := work(12, 0); err == nil || state != models.RequestFailed {
		t.Errorf("the last attempt, out of time: %s, %v", state, err)
	}
	again, err := office.Erase(t.Context(), privacy.Erasure{Subject: privacy.Subject{Customer: someone.ID}, Actor: "machine"})
	if err != nil || again.ID != request.ID {
		t.Fatalf("asked for again: %v, %v", again.ID, err)
	}
	if state, err := work(1, time.Minute); err != nil || state != models.RequestSucceeded {
		t.Errorf("with time: %s, %v", state, err)
	}
}

package booking

import (
	"slices"
	"testing"

	"frontdesk/models"
)

// Every step from every state, taken in every way.
func TestTheLawOfStates(t *testing.T) {
	all := []models.AppointmentStatus{
		models.Provisional, models.Confirmed, models.ReschedulePending, models.Completed,
		models.NoShow, models.Cancelled, models.Expired, models.Released,
	}
	legal := map[models.AppointmentStatus][]models.AppointmentStatus{
		models.Provisional:       {models.Confirmed, models.Expired, models.Released},
		models.Confirmed:         {models.ReschedulePending, models.Completed, models.NoShow, models.Cancelled},
		models.ReschedulePending: {models.Confirmed, models.Cancelled},
	}
	back := map[way][]models.AppointmentStatus{
		retake: {models.Expired, models.Released},
		reopen: {models.Completed, models.NoShow},
	}
	for _, by := range []way{forward, retake, reopen} {
		for _, from := range all {
			for _, to := range all {
				want := slices.Contains(legal[from], to) || slices.Contains(back[by], from) && to == models.Confirmed
				if got := mayBecome(from, to, by); got != want {
					t.Errorf("%s → %s by %d: got %t, want %t", from, to, by, got, want)
				}
			}
		}
	}
}

func TestTheLawOfDeposits(t *testing.T) {
	all := []models.DepositState{
		models.DepositNone, models.DepositPending, models.DepositPaid, models.DepositRefundPending, models.DepositRefunded, models.DepositForfeited,
	}
	legal := map[models.DepositState][]models.DepositState{
		models.DepositNone:          {models.DepositPending, models.DepositPaid, models.DepositRefundPending},
		models.DepositPending:       {models.DepositNone, models.DepositPaid, models.DepositRefundPending},
		models.DepositPaid:          {models.DepositRefundPending, models.DepositForfeited},
		models.DepositRefundPending: {models.DepositRefunded},
		models.DepositRefunded:      {models.DepositRefundPending},
		models.DepositForfeited:     {models.DepositRefundPending},
	}
	for _, by := range []way{forward, retake, reopen} {
		for _, from := range all {
			for _, to := range all {
				want := slices.Contains(legal[from], to) || by == reopen && from == models.DepositForfeited && to == models.DepositPaid
				if got := depositMayBecome(from, to, by); got != want {
					t.Errorf("%s → %s by %d: got %t, want %t", from, to, by, got, want)
				}
			}
		}
	}
}

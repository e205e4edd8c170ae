package checkout_test

import (
	"context"
	"fmt"
	"testing"

	"frontdesk/models"
)

// R-1109: the limit is for all that goes back of one payment: in pieces it is no more than at once.
func TestPiecesAreNoWayAroundTheLimit(t *testing.T) {
	s := openSalon(t)
	ctx := context.Background()
	s.must(s.settings.Set(ctx, "refund.alone_minor", 500, "test"))
	_, visit, _ := s.booked()
	var states []models.RefundState
	for i := range 3 {
		states = append(states, s.askRefund(want(visit.ID, 250, fmt.Sprint(i))).State)
	}
	if fmt.Sprint(states) != "[pending pending asked]" {
		t.Errorf("three pieces of 2.50 under a limit of 5.00 are %v", states)
	}
	other := want(visit.ID, 1, "")
	other.Actor = chief
	if r := s.askRefund(other); r.State != models.RefundAsked {
		t.Errorf("a piece more by somebody else is %s", r.State)
	}
	left, err := s.till.RefundLeft(ctx, other.RefundSubject, models.RoleFinance)
	s.must(err)
	if left.Alone != 0 {
		t.Errorf("the form says %d more", left.Alone)
	}
}

package chat

import (
	"context"
	"errors"

	"frontdesk/internal/booking"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// FindTogether looks for a time for a group. The answer comes as FoundTogether.
type FindTogether struct {
	Why   Why
	Query booking.TogetherQuery
}

// FoundTogether answers FindTogether.
type FoundTogether struct {
	Why      Why
	Together booking.Together
}

// HoldTogether holds a time for each of a group, or for nobody. The answer comes as HeldTogether.
type HoldTogether struct{ Seats []HeldSeat }

// HeldSeat is one person's part of it; ForName is how the salon's people read who comes, empty for the
// customer.
type HeldSeat struct {
	Slot     Slot
	Services []models.ID
	Guest    Guest
	ForName  Line
}

// HeldTogether answers HoldTogether; Fault is the key of the fault that refused it.
type HeldTogether struct {
	Visits []models.Appointment
	Fault  string
}

// NotePhone keeps the phone of somebody for whom the customer booked. The answer comes as Event.Noted.
type NotePhone struct {
	Customer models.ID
	Phone    string
}

func (FindTogether) action() {}
func (HoldTogether) action() {}
func (NotePhone) action()    {}

func (w *work) findTogether(ctx context.Context, a FindTogether) (*Event, error) {
	q := a.Query
	q.ConversationID = &w.conv.ID
	found, err := w.Diary.FindTogether(ctx, q)
	if err != nil {
		return nil, err
	}
	return &Event{FoundTogether: &FoundTogether{a.Why, found}}, nil
}

func (w *work) holdTogether(ctx context.Context, a HoldTogether) (*Event, error) {
	if w.facts.Customer == nil {
		return nil, errors.New("hold together: the customer is not known")
	}
	var requests []booking.HoldRequest
	for _, seat := range a.Seats {
		name := ""
		if seat.ForName.Key != "" || seat.ForName.Body != "" {
			var err error
			if name, err = w.line(seat.ForName); err != nil {
				return nil, err
			}
		}
		requests = append(requests, booking.HoldRequest{
			ConversationID: &w.conv.ID, CustomerID: w.facts.Customer.ID, BookedByID: w.facts.Customer.ID, ForName: name,
			StylistID: seat.Slot.StylistID, ServiceIDs: seat.Services, StartsAt: seat.Slot.Start, Actor: actor,
		})
	}
	visits, err := w.Diary.HoldTogether(ctx, requests)
	var refused *fault.Fault
	if errors.As(err, &refused) {
		return &Event{HeldTogether: &HeldTogether{Fault: refused.Key}}, nil
	}
	if err != nil {
		return nil, err
	}
	return &Event{HeldTogether: &HeldTogether{Visits: visits}}, nil
}

// whoComes is for whom a hold is: the customer, or somebody they bring, whose profile it finds or makes.
func (w *work) whoComes(ctx context.Context, g *Guest) (customer models.ID, name string, err error) {
	if g == nil {
		return w.facts.Customer.ID, "", nil
	}
	guest, err := w.Customers.Bring(ctx, *w.facts.Customer, customers.Guest{
		Name: g.Name, Surname: g.Surname, Relation: string(g.Kin), Phone: g.Phone,
	})
	return guest.ID, guest.FullName(), err
}

func (w *work) notePhone(ctx context.Context, a NotePhone) (*Event, error) {
	stored, err := w.Customers.SetGuestPhone(ctx, w.facts.Customer.ID, a.Customer, a.Phone)
	if err != nil {
		return nil, err
	}
	return &Event{Noted: &stored}, nil
}

package checkout

import (
	"context"
	"fmt"
	"strings"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// MaxStaffNote bounds what staff write to a step.
const MaxStaffNote = 500 // characters

// ReturnMove is a step of a return, by somebody of the salon who saw this version of it.
type ReturnMove struct {
	Actor   string
	ID      models.ID
	Version int64
	To      models.ReturnStatus // approved, rejected, in_transit or received: what is refunded has RefundReturn
	Note    string              // why; a rejection must have one. Customers do not read it
	Restock bool                // of received: what came back can be sold again
}

// MoveReturn takes a return a step on, keeps who did it and why, and has the customer told. Faults:
// return.not_found, return.changed, return.wrong_step, return.refused with the field note.
func (t *Till) MoveReturn(ctx context.Context, m ReturnMove) (models.Return, error) {
	m.Note = strings.TrimSpace(m.Note)
	switch {
	case !said(m.Note, MaxStaffNote):
		return models.Return{}, fault.Invalid("return.refused", map[string]string{"note": "return.text_long"})
	case m.To == models.ReturnRejected && m.Note == "":
		return models.Return{}, fault.Invalid("return.refused", map[string]string{"note": "return.note_missing"})
	case m.To == models.ReturnRefunded:
		return models.Return{}, fault.Conflict("return.wrong_step")
	}
	out, err := t.stepReturn(ctx, step{id: m.ID, version: m.Version, to: m.To, actor: m.Actor, note: m.Note, restock: m.Restock && m.To == models.ReturnReceived})
	if err != nil {
		return models.Return{}, fmt.Errorf("move return: %w", err)
	}
	return out, nil
}

// step is a change of a return's state, whoever asks for it.
type step struct {
	id      models.ID
	version int64
	to      models.ReturnStatus
	actor   string
	note    string
	restock bool
	// pay gives the money back, under the locks; nil where none goes back.
	pay func(ctx context.Context, s *sale, r *models.Return) error
}

// stepReturn is the one way a return changes. The lock of an order is that of its returns.
func (t *Till) stepReturn(ctx context.Context, st step) (out models.Return, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		seen, err := t.Return(ctx, st.id)
		if err != nil {
			return err
		}
		s, err := t.lockSale(ctx, seen.OrderID)
		if err != nil {
			return err
		}
		if out, err = t.Return(ctx, st.id); err != nil {
			return err
		}
		switch {
		case out.Version != st.version:
			return fault.Conflict("return.changed")
		case !out.Status.Leads(st.to):
			return fault.Conflict("return.wrong_step")
		}
		if st.restock {
			if err := t.goods.PutBack(ctx, seen.OrderID, returned(out)); err != nil {
				return err
			}
		}
		if st.pay != nil {
			if err := st.pay(ctx, s, &out); err != nil {
				return err
			}
		}
		return t.finishStep(ctx, st, s, &out)
	})
	return out, err
}

// finishStep writes the step, its history and its entry in the log, and has the customer told.
func (t *Till) finishStep(ctx context.Context, st step, s *sale, r *models.Return) error {
	from, now := r.Status, t.clock.Now()
	before := returnFacts(*r)
	r.Status, r.Version, r.UpdatedAt, r.Restocked = st.to, r.Version+1, now, r.Restocked || st.restock
	if st.to == models.ReturnReceived {
		r.ReceivedAt = &now
	}
	if !st.to.Open() {
		r.ClosedAt = &now
	}
	err := t.db.On(ctx).Model(r).
		Select("status", "version", "updated_at", "restocked", "received_at", "closed_at", "refund_minor", "refund_method", "refund_proof", "refund_id").
		Updates(r).Error
	if err != nil {
		return fmt.Errorf("save return: %w", err)
	}
	if err := t.noteReturn(ctx, *r, from, st.actor, st.note); err != nil {
		return err
	}
	err = t.log.Record(ctx, audit.Entry{
		Actor: st.actor, Action: "return." + string(st.to), SubjectKind: "return", SubjectID: r.ID.String(),
		Detail: map[string]any{"order": s.order.Number, "code": r.RMACode}, Before: before, After: returnFacts(*r),
	})
	if err != nil {
		return err
	}
	if st.to == models.ReturnRejected {
		t.count("return_rejected_by_staff")
	}
	return t.tellReturn(ctx, s, *r)
}

// returnFacts are what the log keeps of a return: no words of staff, who may name somebody, for the log can never be emptied.
func returnFacts(r models.Return) map[string]any {
	return map[string]any{
		"status": r.Status, "restocked": r.Restocked, "refund_minor": r.RefundMinor, "refund_method": r.RefundMethod, "proved": r.RefundProof != "",
	}
}

// returned is what a return brings back.
func returned(r models.Return) []shop.Line {
	lines := make([]shop.Line, len(r.Items))
	for i, item := range r.Items {
		lines[i] = shop.Line{ProductID: item.ProductID, Qty: item.Qty}
	}
	return lines
}

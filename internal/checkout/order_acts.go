package checkout

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/models"
)

// staffActor begins the actor of whatever somebody of the salon did.
const staffActor = "staff:"

func byStaff(actor string) bool { return strings.HasPrefix(actor, staffActor) }

// maxReason is how long the reason of a change or a note may be, in characters.
const maxReason = 500

// reasonOf tidies a reason. Fault: that of the field "reason".
func reasonOf(text string) (string, error) {
	text = strings.TrimSpace(shown(text, true))
	if utf8.RuneCountInString(text) > maxReason {
		return "", fault.Invalid("orders.refused", map[string]string{"reason": "orders.reason_long"})
	}
	return text, nil
}

// ConfirmOrder makes an order that is paid on delivery stand: its goods are taken, its cart closes, its owner
// is told. Confirming twice confirms once. Faults: orders.order_not_found, orders.invalid_state.
func (t *Till) ConfirmOrder(ctx context.Context, actor string, id models.ID) (models.Order, error) {
	return t.confirmOrder(ctx, actor, id, anyVersion)
}

// ConfirmSeenOrder is ConfirmOrder for whoever saw this version of it. Fault beside those: orders.changed.
func (t *Till) ConfirmSeenOrder(ctx context.Context, actor string, id models.ID, version int64) (models.Order, error) {
	return t.confirmOrder(ctx, actor, id, version)
}

// anyVersion: whoever asks does not say what they saw.
const anyVersion = -1

// seen refuses an order that is not as its actor saw it. Fault: orders.changed.
func (s *sale) seen(version int64) error {
	if version != anyVersion && s.order.Version != version {
		return fault.Conflict("orders.changed")
	}
	return nil
}

func (t *Till) confirmOrder(ctx context.Context, actor string, id models.ID, version int64) (models.Order, error) {
	t.funnel.Ready(ctx)
	return t.change(ctx, "confirm order", id, func(ctx context.Context, s *sale) error {
		if err := s.seen(version); err != nil {
			return err
		}
		if s.order.Status == models.OrderConfirmed {
			return nil
		}
		if s.order.Status != models.OrderPendingCOD {
			return fault.Conflict("orders.invalid_state")
		}
		if err := t.move(ctx, s, models.OrderConfirmed, models.OrderEvent{Kind: "confirmed", Actor: actor}); err != nil {
			return err
		}
		if err := t.bought(ctx, s); err != nil {
			return err
		}
		return t.tellOwner(ctx, s, "order.confirmed")
	})
}

// CancelOrder ends an order that was not sent, or that staff have back: its goods are there again, what was paid by
// card goes back in full, its owner is told. Canceling twice cancels once. Faults: orders.order_not_found,
// orders.invalid_state, that of the field "reason".
func (t *Till) CancelOrder(ctx context.Context, actor string, id models.ID, reason string) (models.Order, error) {
	return t.cancelOrder(ctx, actor, id, anyVersion, reason)
}

// CancelSeenOrder is CancelOrder for whoever saw this version of it. Fault beside those: orders.changed.
func (t *Till) CancelSeenOrder(ctx context.Context, actor string, id models.ID, version int64, reason string) (models.Order, error) {
	return t.cancelOrder(ctx, actor, id, version, reason)
}

func (t *Till) cancelOrder(ctx context.Context, actor string, id models.ID, version int64, reason string) (models.Order, error) {
	reason, err := reasonOf(reason)
	if err != nil {
		return models.Order{}, err
	}
	return t.change(ctx, "cancel order", id, func(ctx context.Context, s *sale) error {
		if err := s.seen(version); err != nil {
			return err
		}
		was := s.order.Status
		switch {
		case was == models.OrderCanceled:
			return nil
		case was.Unpaid():
			return t.endUnpaid(ctx, s, models.OrderCanceled, "canceled", actor, reason, "order.canceled")
		case was == models.OrderShipped && !byStaff(actor):
			return fault.Conflict("orders.invalid_state")
		}
		if err := t.move(ctx, s, models.OrderCanceled, models.OrderEvent{Kind: "canceled", Actor: actor, Note: reason}); err != nil {
			return err
		}
		if err := t.goods.Release(ctx, s.order.ID); err != nil {
			return err
		}
		if p := s.paid(); p != nil {
			left, err := t.left(ctx, *p)
			if err != nil {
				return err
			}
			if _, err := t.refundSale(ctx, s, models.Refund{AmountMinor: left, Reason: refundOrder}, actor); err != nil {
				return err
			}
		}
		return t.tellOwner(ctx, s, "order.canceled")
	})
}

// ShipOrder says that an order is on its way, for whoever saw this version of it. Faults: orders.order_not_found,
// orders.changed, orders.invalid_state, that of the field "reason".
func (t *Till) ShipOrder(ctx context.Context, actor string, id models.ID, version int64, note string) (models.Order, error) {
	return t.carry(ctx, actor, id, version, note, models.OrderShipped)
}

// DeliverOrder says that an order has arrived, as ShipOrder does.
func (t *Till) DeliverOrder(ctx context.Context, actor string, id models.ID, version int64, note string) (models.Order, error) {
	return t.carry(ctx, actor, id, version, note, models.OrderDelivered)
}

func (t *Till) carry(ctx context.Context, actor string, id models.ID, version int64, note string, to models.OrderStatus) (models.Order, error) {
	note, err := reasonOf(note)
	if err != nil {
		return models.Order{}, err
	}
	return t.change(ctx, "carry order", id, func(ctx context.Context, s *sale) error {
		if err := s.seen(version); err != nil {
			return err
		}
		if err := t.move(ctx, s, to, models.OrderEvent{Kind: string(to), Actor: actor, Note: note}); err != nil {
			return err
		}
		return t.tellOwner(ctx, s, "order."+string(to))
	})
}

// NoteOrder adds a remark of the salon's to an order's history; its owner does not see it. Faults:
// orders.order_not_found, those of the field "reason".
func (t *Till) NoteOrder(ctx context.Context, actor string, id models.ID, text string) error {
	text, err := reasonOf(text)
	if err != nil {
		return err
	}
	if text == "" {
		return fault.Invalid("orders.refused", map[string]string{"reason": "orders.note_missing"})
	}
	return t.db.InTx(ctx, func(ctx context.Context) error {
		o, err := t.orderRow(ctx, "id = ?", id)
		if err != nil {
			return err
		}
		e := models.OrderEvent{Kind: "note", From: o.Status, To: o.Status, Actor: actor, Note: text}
		if err := t.note(ctx, id, e); err != nil {
			return err
		}
		return t.audited(ctx, o, e)
	})
}

// bought takes the goods of an order that stands now, and closes its cart.
func (t *Till) bought(ctx context.Context, s *sale) error {
	if err := t.goods.Take(ctx, s.order.ID); err != nil {
		return err
	}
	if err := t.goods.Bought(ctx, s.order.CartID, linesOf(s.order)); err != nil {
		return err
	}
	return t.counted(ctx, funnel.Pay, s.order)
}

// endUnpaid ends an order that was neither paid nor confirmed: its goods are free, its links are closed. tell is what
// its owner is told; "" nothing.
func (t *Till) endUnpaid(ctx context.Context, s *sale, to models.OrderStatus, kind, actor, why, tell string) error {
	if err := t.move(ctx, s, to, models.OrderEvent{Kind: kind, Actor: actor, Note: why}); err != nil {
		return err
	}
	if err := t.goods.Release(ctx, s.order.ID); err != nil {
		return err
	}
	if err := t.voidLinks(ctx, s); err != nil {
		return err
	}
	if tell == "" {
		return nil
	}
	return t.tellOwner(ctx, s, tell)
}

// change makes one change of a locked order and gives the order as it is then.
func (t *Till) change(ctx context.Context, what string, id models.ID, do func(ctx context.Context, s *sale) error) (models.Order, error) {
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		s, err := t.lockSale(ctx, id)
		if err != nil {
			return err
		}
		return do(ctx, s)
	})
	if err != nil {
		return models.Order{}, fmt.Errorf("%s: %w", what, err)
	}
	return t.Order(ctx, id)
}

// expireMost is how many orders one sweep ends: the next one is soon.
const expireMost = 200

// ExpireOrders ends the orders that nobody paid or confirmed in time, and tells how many. What is held back for
// them is free again. Safe to run at once in several processes.
func (t *Till) ExpireOrders(ctx context.Context) (int, error) {
	var due []models.ID
	err := t.db.On(ctx).Model(&models.Order{}).Where("status IN ('pending', 'pending_cod') AND reserved_until <= ?", t.clock.Now()).
		Order("reserved_until").Limit(expireMost).Pluck("id", &due).Error
	if err != nil {
		return 0, fmt.Errorf("find orders that lapsed: %w", err)
	}
	ended, failed := 0, error(nil)
	for _, id := range due {
		done, err := t.expireOrder(ctx, id)
		if failed = errors.Join(failed, err); done {
			ended++
		}
	}
	return ended, failed
}

func (t *Till) expireOrder(ctx context.Context, id models.ID) (done bool, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		s, err := t.lockSale(ctx, id)
		if err != nil {
			return err
		}
		if !s.order.Status.Unpaid() || t.clock.Now().Before(*s.order.ReservedUntil) {
			return nil
		}
		done = true
		return t.endUnpaid(ctx, s, models.OrderCanceled, "expired", actorSystem, "", "order.expired")
	})
	if err != nil {
		return false, fmt.Errorf("end order that lapsed: %w", err)
	}
	return done, nil
}

// ForgetOrderKeys removes the keys whose time is over.
func (t *Till) ForgetOrderKeys(ctx context.Context) error {
	err := t.db.On(ctx).Exec(`DELETE FROM order_keys WHERE (owner_id, key) IN (SELECT owner_id, key FROM order_keys
		WHERE expires_at <= ? ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)`, t.clock.Machine(), expireMost).Error
	if err != nil {
		return fmt.Errorf("forget keys of orders: %w", err)
	}
	return nil
}

// CountOrders tells how many orders stand where, every state present.
func (t *Till) CountOrders(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		Status string
		N      int
	}
	if err := t.db.On(ctx).Raw("SELECT status, count(*) AS n FROM orders GROUP BY status").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count orders: %w", err)
	}
	out := map[string]int{}
	for _, s := range models.OrderStatuses() {
		out[string(s)] = 0
	}
	for _, r := range rows {
		out[r.Status] = r.N
	}
	return out, nil
}

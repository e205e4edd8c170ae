package reconcile

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"frontdesk/internal/audit"
	"frontdesk/models"
)

// tally is what noting a comparison's differences came to.
type tally struct{ found, cleared, left int }

// write notes what a comparison found, once for each difference that nobody knew of, and clears what it looked at again and
// found mended. It joins the transaction on the context.
func (b *Books) write(ctx context.Context, found map[string]models.Difference, cleared []models.Difference, run *models.ID) (t tally, err error) {
	keys := slices.Sorted(maps.Keys(found))
	for i, key := range keys {
		if t.found == maxNew {
			t.left = len(keys) - i
			break
		}
		fresh, err := b.writeOne(ctx, found[key], run)
		if err != nil {
			return t, err
		}
		if fresh {
			t.found++
		}
	}
	for _, d := range cleared {
		if err := b.clear(ctx, d); err != nil {
			return t, err
		}
	}
	t.cleared = len(cleared)
	if t.found+t.cleared > 0 {
		b.changed(ctx, true)
	}
	return t, nil
}

// writeOne notes one difference; fresh tells that nobody knew of it, or that it is another than the one that was explained.
func (b *Books) writeOne(ctx context.Context, d models.Difference, run *models.ID) (fresh bool, err error) {
	now := b.clock.Now()
	d.ID, d.State, d.FoundAt, d.SeenAt, d.RunID, d.Version = models.NewID(), models.DifferenceOpen, now, now, run, 1
	var was []models.Difference
	err = b.db.On(ctx).Raw("SELECT * FROM reconciliation_differences WHERE key = ? AND state IN ('open', 'explained') FOR UPDATE", d.Key).Scan(&was).Error
	if err != nil {
		return false, fmt.Errorf("look for a known difference: %w", err)
	}
	if len(was) == 0 {
		made := b.db.On(ctx).Exec(`INSERT INTO reconciliation_differences (id, key, kind, state, payment_id, refund_id, appointment_id, order_id, ref, intent,
				here_minor, here_currency, here_state, there_minor, there_currency, there_state, since, found_at, seen_at, run_id)
			VALUES (@ID, @Key, @Kind, 'open', @PaymentID, @RefundID, @AppointmentID, @OrderID, @Ref, @Intent,
				@HereMinor, @HereCurrency, @HereState, @ThereMinor, @ThereCurrency, @ThereState, @Since, @FoundAt, @SeenAt, @RunID)
			ON CONFLICT (key) WHERE state IN ('open', 'explained') DO NOTHING`, d)
		if made.Error != nil || made.RowsAffected == 0 {
			return false, wrap(made.Error, "note difference")
		}
		return true, b.alert(ctx, d, "reconciliation.found")
	}
	known := was[0]
	anew := known.State == models.DifferenceExplained && !same(known, d)
	columns := map[string]any{"seen_at": now, "here_minor": d.HereMinor, "here_currency": d.HereCurrency, "here_state": d.HereState,
		"there_minor": d.ThereMinor, "there_currency": d.ThereCurrency, "there_state": d.ThereState}
	if anew { // an explanation is of the figures that stood there
		columns["state"], columns["settled_at"], columns["settled_by"], columns["version"] = models.DifferenceOpen, nil, "", known.Version+1
	}
	if err := b.db.On(ctx).Model(&known).Updates(columns).Error; err != nil {
		return false, fmt.Errorf("note that a difference stands: %w", err)
	}
	if !anew {
		return false, nil
	}
	return true, b.alert(ctx, known, "reconciliation.changed")
}

// same tells whether two findings say the same.
func same(a, b models.Difference) bool {
	eq := func(x, y *int64) bool { return x == nil && y == nil || x != nil && y != nil && *x == *y }
	return eq(a.HereMinor, b.HereMinor) && eq(a.ThereMinor, b.ThereMinor) && a.HereCurrency == b.HereCurrency && a.ThereCurrency == b.ThereCurrency &&
		a.HereState == b.HereState && a.ThereState == b.ThereState
}

// alert says once that something does not match: in the log, in the figures, on open screens.
func (b *Books) alert(ctx context.Context, d models.Difference, action string) error {
	b.count("difference_" + string(d.Kind))
	b.lines.WarnContext(ctx, "money does not match", "difference", d.ID, "kind", string(d.Kind))
	return b.log.Record(ctx, audit.Entry{Actor: actorSystem, Action: action, SubjectKind: SubjectDifference, SubjectID: d.ID.String(), Detail: map[string]any{
		"kind": d.Kind, "here_minor": d.HereMinor, "here_currency": d.HereCurrency, "there_minor": d.ThereMinor, "there_currency": d.ThereCurrency,
	}})
}

// clear notes that both sides agree by now.
func (b *Books) clear(ctx context.Context, d models.Difference) error {
	now := b.clock.Now()
	done := b.db.On(ctx).Model(&models.Difference{}).Where("id = ? AND state = 'open'", d.ID).Updates(map[string]any{
		"state": models.DifferenceGone, "settled_at": now, "settled_by": actorSystem, "version": d.Version + 1,
	})
	if done.Error != nil || done.RowsAffected == 0 {
		return wrap(done.Error, "clear difference")
	}
	return b.log.Record(ctx, audit.Entry{Actor: actorSystem, Action: "reconciliation.cleared", SubjectKind: SubjectDifference, SubjectID: d.ID.String(),
		Detail: map[string]any{"kind": d.Kind}})
}

func wrap(err error, what string) error {
	if err != nil {
		err = fmt.Errorf("%s: %w", what, err)
	}
	return err
}

// maxAgain is how many open differences one comparison looks at again; the longest unseen come first.
const maxAgain = 200

// openOnes are differences that stand and that a comparison has not just found.
func (b *Books) openOnes(ctx context.Context, found map[string]models.Difference) ([]models.Difference, error) {
	var rows []models.Difference
	err := b.db.On(ctx).Where("state = 'open'").Order("seen_at, id").Limit(maxAgain).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read open differences: %w", err)
	}
	return slices.DeleteFunc(rows, func(d models.Difference) bool { _, is := found[d.Key]; return is }), nil
}

// lookAgain looks at what stands and was not found: what is still so joins what was found, the rest is given back as gone.
func (b *Books) lookAgain(ctx context.Context, found map[string]models.Difference) (gone []models.Difference, err error) {
	rows, err := b.openOnes(ctx, found)
	if err != nil {
		return nil, err
	}
	for _, d := range rows {
		list, err := b.judge(ctx, d)
		if err != nil {
			return nil, err
		}
		stands := false
		for _, one := range list {
			found[one.Key], stands = one, stands || one.Key == d.Key
		}
		if !stands {
			gone = append(gone, d)
		}
	}
	return gone, nil
}

// judge compares anew what one difference is about.
func (b *Books) judge(ctx context.Context, d models.Difference) ([]models.Difference, error) {
	switch d.Kind {
	case models.DiffServesNothing, models.DiffUnpaid:
		return b.judgeStanding(ctx, d)
	case models.DiffRefundUnknownHere, models.DiffRefundUnknownThere, models.DiffRefundAmount, models.DiffRefundState:
		return b.judgeBack(ctx, d)
	case models.DiffTwice:
		if d.Ref == "" { // found in our own books
			return b.judgeStanding(ctx, d)
		}
	}
	var ids []models.ID
	if d.PaymentID != nil {
		ids = append(ids, *d.PaymentID)
	}
	rows, err := b.paymentsOf(ctx, ids, []string{d.Intent})
	if err != nil {
		return nil, err
	}
	var p *models.Payment
	if len(ids) > 0 {
		p = paymentOf(rows, ids[0], d.Intent)
	} else {
		p = paymentOf(rows, models.ID{}, d.Intent)
	}
	if d.Intent == "" {
		return judgePayment(nil, p), nil
	}
	ch, found, err := b.provider.ChargeOf(ctx, d.Intent)
	if err != nil {
		return nil, err
	}
	if !found {
		return judgePayment(nil, p), nil
	}
	return judgePayment(&ch, p), nil
}

func (b *Books) judgeStanding(ctx context.Context, d models.Difference) ([]models.Difference, error) {
	switch {
	case d.PaymentID != nil:
		return b.orphans(ctx, "p.id = @id", "", "", map[string]any{"id": *d.PaymentID})
	case d.AppointmentID != nil:
		return b.orphans(ctx, "", "a.id = @id", "", map[string]any{"id": *d.AppointmentID})
	case d.OrderID != nil:
		return b.orphans(ctx, "", "", "o.id = @id", map[string]any{"id": *d.OrderID})
	}
	return nil, nil
}

// judgeBack compares what went back. A refund of a payment that we do not know stands until it has failed, or the payment is known.
func (b *Books) judgeBack(ctx context.Context, d models.Difference) ([]models.Difference, error) {
	if d.PaymentID != nil {
		return b.refundsOf(ctx, *d.PaymentID, d.Intent)
	}
	if d.Intent == "" {
		return []models.Difference{d}, nil
	}
	rows, err := b.paymentsOf(ctx, nil, []string{d.Intent})
	if err != nil {
		return nil, err
	}
	if p := paymentOf(rows, models.ID{}, d.Intent); p != nil {
		return b.refundsOf(ctx, p.ID, d.Intent)
	}
	theirs, err := b.provider.RefundsOf(ctx, d.Intent)
	if err != nil {
		return nil, err
	}
	for _, t := range theirs {
		if t.ID == d.Ref && !t.Failed() {
			return []models.Difference{d}, nil
		}
	}
	return nil, nil
}

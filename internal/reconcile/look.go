package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// errLong says that a window holds more than one comparison takes.
var errLong = errors.New("the provider's list is too long for one comparison")

// look is one comparison at work. What lies in the window on either side is compared; the provider's lists begin earlier, so
// that what came in late here is found there.
type look struct {
	*Books
	w         stripeapi.Window
	now       time.Time
	found     map[string]models.Difference
	figures   map[[2]string]*Figures
	seen      map[models.ID]bool // payments that the provider's list named
	singles   int                // things looked up one by one
	unchecked int                // that were too many for it
	stage     func(ctx context.Context, name string) error
}

func (b *Books) look(w stripeapi.Window, stage func(ctx context.Context, name string) error) *look {
	return &look{
		Books: b, w: w, now: b.clock.Now(), stage: stage,
		found: map[string]models.Difference{}, figures: map[[2]string]*Figures{}, seen: map[models.ID]bool{},
	}
}

// earlierOn is the window with what may have come late before it.
func (l *look) earlierOn() stripeapi.Window {
	return stripeapi.Window{From: l.w.From.Add(-late), To: l.w.To}
}

func (l *look) note(list ...models.Difference) {
	for _, d := range list {
		l.found[d.Key] = d
	}
}

func (l *look) sum(what, currency string) *Figures {
	key := [2]string{what, currency}
	if l.figures[key] == nil {
		l.figures[key] = &Figures{What: what, Currency: currency}
	}
	return l.figures[key]
}

// sums are the figures, in one order.
func (l *look) sums() []Figures {
	keys := slices.SortedFunc(maps.Keys(l.figures), func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	out := make([]Figures, len(keys))
	for i, k := range keys {
		out[i] = *l.figures[k]
	}
	return out
}

// single tells whether one more thing may be looked up by itself.
func (l *look) single() bool {
	if l.singles++; l.singles > maxSingle {
		l.unchecked++
		return false
	}
	return true
}

// pages walks a list of the provider's.
func pages[T any](ctx context.Context, ask func(ctx context.Context, after string) (stripeapi.Page[T], error), each func(ctx context.Context, items []T) error) error {
	after := ""
	for range maxPages {
		page, err := ask(ctx, after)
		if err != nil {
			return err
		}
		if err := each(ctx, page.Items); err != nil {
			return err
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
	return errLong
}

// payments compares what came in.
func (l *look) payments(ctx context.Context) error {
	if err := l.stage(ctx, "payments"); err != nil {
		return err
	}
	err := pages(ctx, func(ctx context.Context, after string) (stripeapi.Page[stripeapi.Charge], error) {
		return l.provider.ChargesIn(ctx, l.earlierOn(), after)
	}, l.charges)
	if err != nil {
		return err
	}
	return l.ownPayments(ctx)
}

func (l *look) charges(ctx context.Context, items []stripeapi.Charge) error {
	var ids []models.ID
	var intents []string
	for _, ch := range items {
		if ids = append(ids, ch.PaymentID); ch.PaymentIntent != "" {
			intents = append(intents, ch.PaymentIntent)
		}
	}
	rows, err := l.paymentsOf(ctx, ids, intents)
	if err != nil {
		return err
	}
	for _, ch := range items {
		p := paymentOf(rows, ch.PaymentID, ch.PaymentIntent)
		if !ch.Paid {
			continue
		}
		if p != nil {
			l.seen[p.ID] = true
		}
		received := p != nil && p.PaidAt != nil
		if !l.w.Holds(ch.Created) && !(received && l.w.Holds(*p.PaidAt)) {
			continue
		}
		f := l.sum("payments", ch.Amount.Currency)
		f.There, f.ThereMinor = f.There+1, f.ThereMinor+ch.Amount.Minor
		judged := judgePayment(&ch, p)
		if received && (len(judged) == 0 || judged[0].Kind != models.DiffTwice) {
			f := l.sum("payments", p.ReceivedIn)
			f.Here, f.HereMinor = f.Here+1, f.HereMinor+p.ReceivedMinor
		}
		l.note(judged...)
	}
	return nil
}

// ownPayments looks for what we took for received in the window and the provider's list does not name.
func (l *look) ownPayments(ctx context.Context) error {
	at, id := l.w.From, models.ID{}
	for {
		var rows []models.Payment
		err := l.db.On(ctx).Where("paid_at IS NOT NULL AND (paid_at, id) > (?, ?) AND paid_at < ?", at, id, l.w.To).
			Order("paid_at, id").Limit(rowsAtOne).Find(&rows).Error
		if err != nil {
			return fmt.Errorf("read received payments: %w", err)
		}
		for _, p := range rows {
			at, id = *p.PaidAt, p.ID
			if l.seen[p.ID] || p.ReceivedMinor == 0 || p.PaymentIntent == nil && p.SessionID == nil {
				continue // the last: of somebody who is erased, nobody can be asked
			}
			if err := l.ownPayment(ctx, p); err != nil {
				return err
			}
		}
		if len(rows) < rowsAtOne {
			return nil
		}
	}
}

func (l *look) ownPayment(ctx context.Context, p models.Payment) error {
	f := l.sum("payments", p.ReceivedIn)
	f.Here, f.HereMinor = f.Here+1, f.HereMinor+p.ReceivedMinor
	if !l.single() {
		return nil
	}
	ch, err := l.chargeOf(ctx, &p)
	if err != nil {
		return err
	}
	if ch != nil {
		f := l.sum("payments", ch.Amount.Currency)
		f.There, f.ThereMinor = f.There+1, f.ThereMinor+ch.Amount.Minor
	}
	l.note(judgePayment(ch, &p)...)
	return nil
}

// chargeOf is what the provider has of a payment of ours; nil: nothing.
func (b *Books) chargeOf(ctx context.Context, p *models.Payment) (*stripeapi.Charge, error) {
	if p.PaymentIntent == nil {
		return nil, nil
	}
	ch, found, err := b.provider.ChargeOf(ctx, *p.PaymentIntent)
	if err != nil || !found {
		return nil, err
	}
	return &ch, nil
}

// paymentsOf reads the payments that the provider's things name.
func (b *Books) paymentsOf(ctx context.Context, ids []models.ID, intents []string) ([]models.Payment, error) {
	var rows []models.Payment
	err := b.db.On(ctx).Raw("SELECT * FROM payments WHERE id IN ? UNION SELECT * FROM payments WHERE payment_intent IN ?", ids, intents).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	return rows, nil
}

// paymentOf is the payment that a thing of the provider's is of: by our reference first.
func paymentOf(rows []models.Payment, id models.ID, intent string) *models.Payment {
	for i := range rows {
		if rows[i].ID == id {
			return &rows[i]
		}
	}
	for i := range rows {
		if p := &rows[i]; intent != "" && p.PaymentIntent != nil && *p.PaymentIntent == intent {
			return p
		}
	}
	return nil
}

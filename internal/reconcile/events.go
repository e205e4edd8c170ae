package reconcile

import (
	"context"
	"fmt"

	"frontdesk/internal/audit"
	"frontdesk/internal/inbox"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// stateFetched is what stands on our side of an event that never came.
const stateFetched = "fetched"

// lostEvents fetches the events of a window that never came and takes each as a webhook would have: stored once, with its job.
// It counts them. What they change is compared when their jobs are done.
func (b *Books) lostEvents(ctx context.Context, w stripeapi.Window, run *models.ID) (fetched int, err error) {
	err = pages(ctx, func(ctx context.Context, after string) (stripeapi.Page[stripeapi.Event], error) {
		return b.provider.EventsIn(ctx, w, after)
	}, func(ctx context.Context, items []stripeapi.Event) error {
		ids := make([]string, len(items))
		for i, e := range items {
			ids[i] = e.ID
		}
		known, err := b.events.Known(ctx, models.ProviderStripe, ids)
		if err != nil {
			return err
		}
		for i := len(items) - 1; i >= 0; i-- { // the oldest first, as they would have come
			if known[items[i].ID] {
				continue
			}
			fresh, err := b.fetch(ctx, items[i], run)
			if err != nil {
				return err
			}
			fetched += fresh
		}
		return nil
	})
	return fetched, err
}

// fetch takes one event; 0 when it has come meanwhile.
func (b *Books) fetch(ctx context.Context, e stripeapi.Event, run *models.ID) (fresh int, err error) {
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		fresh, err = b.events.Accept(ctx, models.ProviderStripe, []inbox.Event{{ID: e.ID, Kind: e.Type, Payload: e.Raw}})
		if err != nil || fresh == 0 {
			return err
		}
		now := b.clock.Now()
		d := there(difference(models.DiffEventLost, e.ID, e.Created), e.Amount, e.Type)
		d.ID, d.State, d.Ref, d.Intent, d.HereState = models.NewID(), models.DifferenceMended, e.ID, e.PaymentIntent, stateFetched
		d.FoundAt, d.SeenAt, d.SettledAt, d.SettledBy, d.RunID, d.Version = now, now, &now, actorSystem, run, 1
		rows, err := b.paymentsOf(ctx, []models.ID{e.PaymentID}, []string{e.PaymentIntent})
		if err != nil {
			return err
		}
		if p := paymentOf(rows, e.PaymentID, e.PaymentIntent); p != nil {
			subjectOf(&d, p)
		}
		if err := b.db.On(ctx).Create(&d).Error; err != nil {
			return fmt.Errorf("note fetched event: %w", err)
		}
		b.count("difference_" + string(d.Kind))
		b.changed(ctx, false)
		return b.log.Record(ctx, audit.Entry{Actor: actorSystem, Action: "reconciliation.event_fetched", SubjectKind: SubjectDifference, SubjectID: d.ID.String(),
			Detail: map[string]any{"event": e.ID, "type": e.Type}})
	})
	return fresh, err
}

package checkout

import (
	"context"

	"frontdesk/internal/funnel"
	"frontdesk/models"
)

// counted keeps that an order was begun or bought, for the figures. Who ordered in a conversation is counted as
// that conversation, as everything that was said in it is.
func (t *Till) counted(ctx context.Context, kind funnel.Kind, o models.Order) error {
	e, err := t.figure(ctx, kind, o)
	if err != nil {
		return err
	}
	return t.funnel.Record(ctx, e)
}

// figure is how an order is counted.
func (t *Till) figure(ctx context.Context, kind funnel.Kind, o models.Order) (funnel.Event, error) {
	e := funnel.Event{Kind: kind, Channel: funnel.Channel(o.Channel), Language: o.Language, AmountMinor: o.TotalMinor, Currency: o.Currency}
	switch {
	case o.CustomerID != nil:
		e.Visit = *o.CustomerID
	case o.SessionID != nil:
		e.Visit = *o.SessionID
	}
	if o.Channel == ChannelWhatsApp {
		talk, err := t.conversationOf(ctx, o)
		if err != nil {
			return e, err
		}
		if talk != nil {
			e.Visit = *talk
		}
	}
	return e, nil
}

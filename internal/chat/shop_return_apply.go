package chat

import (
	"context"
	"errors"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
)

// refusal takes what a rule refused as an answer; any other error stays one.
func refusal(err error) (key string, facts i18n.Facts, broken error) {
	var refused *fault.Fault
	if !errors.As(err, &refused) {
		return "", nil, err
	}
	key = refused.Key
	for _, words := range refused.Fields {
		key = words
	}
	return key, i18n.Facts(refused.Facts), nil
}

// endOrder cancels an order of the sender's own.
func (w *work) endOrder(ctx context.Context, a EndOrder) (*Event, error) {
	owner, err := w.owner(ctx)
	if err != nil {
		return nil, err
	}
	var out Ended
	err = w.DB.InTx(ctx, func(ctx context.Context) error {
		if out.Order, err = w.Till.OrderOf(ctx, owner, a.Order); err != nil {
			return err
		}
		_, err = w.Till.CancelOrder(ctx, actor, a.Order, "")
		return err
	})
	if out.Fault, _, err = refusal(err); err != nil {
		return nil, err
	}
	return &Event{Ended: &out}, nil
}

// offerReturn tells what of an order of the sender's own can go back.
func (w *work) offerReturn(ctx context.Context, a OfferReturn) (*Event, error) {
	owner, err := w.owner(ctx)
	if err != nil {
		return nil, err
	}
	var out Offered
	err = w.DB.InTx(ctx, func(ctx context.Context) error {
		out.Offer, err = w.Till.ReturnOffer(ctx, owner, a.Order)
		return err
	})
	if out.Fault, out.Facts, err = refusal(err); err != nil {
		return nil, err
	}
	return &Event{Offered: &out}, nil
}

// openReturn opens a return of the sender's own order; what is said to it is ours to say.
func (w *work) openReturn(ctx context.Context, a OpenReturn) (*Event, error) {
	owner, err := w.owner(ctx)
	if err != nil {
		return nil, err
	}
	request := checkout.ReturnRequest{Owner: owner, Order: a.Order, Reason: a.Reason, Quiet: true}
	for _, line := range a.Items {
		request.Items = append(request.Items, checkout.ReturnLine{OrderItem: line.Item, Qty: line.Qty})
	}
	var out Returned
	err = w.DB.InTx(ctx, func(ctx context.Context) error {
		if out.Return, err = w.Till.OpenReturn(ctx, request); err != nil {
			return err
		}
		out.Order, err = w.Till.OrderOf(ctx, owner, a.Order)
		return err
	})
	if out.Fault, out.Facts, err = refusal(err); err != nil {
		return nil, err
	}
	return &Event{Returned: &out}, nil
}

// keepPhoto keeps the picture that the message brought with the sender's open return.
func (w *work) keepPhoto(ctx context.Context, _ KeepPhoto) (*Event, error) {
	if w.facts.Shopper == nil || len(w.heard) == 0 {
		return &Event{Photographed: &Photographed{Fault: "return.no_open"}}, nil
	}
	var out Photographed
	err := w.DB.InTx(ctx, func(ctx context.Context) (err error) {
		for _, m := range w.heard {
			if out.Return, err = w.Till.KeepPhoto(ctx, shop.Owner{Customer: *w.facts.Shopper}.Customer, m); err != nil {
				return err
			}
		}
		return nil
	})
	if out.Fault, out.Facts, err = refusal(err); err != nil {
		return nil, err
	}
	return &Event{Photographed: &out}, nil
}

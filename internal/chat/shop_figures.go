package chat

import (
	"cmp"
	"context"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/funnel"
)

// counted keeps what a message wanted of the shop, or that it got a person, for the figures. A visit is the
// conversation. Of a rehearsal only the line as a whole counts, as a preview.
func (w *work) counted(ctx context.Context, a Action) error {
	step := stepOf(a)
	if step == "" || w.Funnel == nil {
		return nil
	}
	if w.stage != nil {
		w.stage.step = cmp.Or(w.stage.step, step)
		return nil
	}
	return w.Funnel.Record(ctx, funnel.Event{
		Kind: funnel.WhatsAppIntent, Channel: funnel.WhatsApp, Language: w.lang, Visit: w.conv.ID, Step: step,
	})
}

// previewed keeps that a line was rehearsed, and what it wanted.
func (w *work) previewed(ctx context.Context) error {
	if w.Funnel == nil {
		return nil
	}
	return w.Funnel.Record(ctx, funnel.Event{Kind: funnel.Preview, Channel: funnel.API, Language: w.lang, Step: w.stage.step})
}

// stepOf is what an action is a step of; "" of none. An order that is on its way is one step, however much is asked for it.
func stepOf(a Action) string {
	switch a := a.(type) {
	case Shopping:
		return string(a.Do)
	case PrepareOrder:
		if a.Begins {
			return string(understand.DoCheckout)
		}
		return ""
	case FindOrders:
		return string(a.For)
	case HandOff:
		return "person"
	default:
		return ""
	}
}

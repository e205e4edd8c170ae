package chat

import (
	"context"

	"frontdesk/internal/funnel"
)

// counted keeps what a message wanted of the shop, or that it got a person, for the figures. A visit is the conversation.
func (w *work) counted(ctx context.Context, a Action) error {
	step := stepOf(a)
	if step == "" || w.Funnel == nil {
		return nil
	}
	return w.Funnel.Record(ctx, funnel.Event{
		Kind: funnel.WhatsAppIntent, Channel: funnel.WhatsApp, Language: w.lang, Visit: w.conv.ID, Step: step,
	})
}

// stepOf is what an action is a step of; "" of none.
func stepOf(a Action) string {
	switch a := a.(type) {
	case Shopping:
		return string(a.Do)
	case HandOff:
		return "person"
	default:
		return ""
	}
}

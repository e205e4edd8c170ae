package conversations

import (
	"context"

	"frontdesk/internal/i18n"
	"frontdesk/views/ui"
)

// text says who has the conversation, and until when.
func (k Keeper) text(ctx context.Context) string {
	switch k.Who {
	case Reader, Nobody:
		return i18n.T(ctx, "conversations.keeper."+string(k.Who), "Time", ui.Moment(ctx, k.Until))
	case Colleague:
		return i18n.T(ctx, "conversations.keeper.colleague", "Name", k.Name, "Time", ui.Moment(ctx, k.Until))
	default:
		return i18n.T(ctx, "conversations.keeper.assistant")
	}
}

func takeOverEffect(ctx context.Context, k Keeper) string {
	if k.Who == Colleague {
		return i18n.T(ctx, "conversations.take_over.from", "Name", k.Name)
	}
	return i18n.T(ctx, "conversations.take_over.effect")
}

func templateEffect(ctx context.Context, preview string, over bool) string {
	switch {
	case preview == "":
		return ""
	case over:
		return i18n.T(ctx, "conversations.template.effect_over")
	default:
		return i18n.T(ctx, "conversations.template.effect")
	}
}

func templateSubmit(ctx context.Context, preview string, over bool) string {
	switch {
	case preview == "":
		return i18n.T(ctx, "conversations.template.look")
	case over:
		return i18n.T(ctx, "conversations.over_and_send")
	default:
		return i18n.T(ctx, "conversations.send")
	}
}

func searchLabel(ctx context.Context, s Search) string {
	if s.Phones {
		return i18n.T(ctx, "conversations.search.people")
	}
	return i18n.T(ctx, "conversations.search.names")
}

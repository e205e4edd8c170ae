package cases

import (
	"context"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/conversations"
	"frontdesk/views/ui"
)

// labels are the answers to "did this need a person?".
func labels(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, l := range models.CaseLabels() {
		out = append(out, ui.Option{Value: string(l), Label: i18n.T(ctx, "cases.label."+string(l)), Hint: i18n.T(ctx, "cases.label."+string(l)+".hint")})
	}
	return out
}

func effect(ctx context.Context, a After) string {
	if !a.Human {
		return ""
	}
	return i18n.T(ctx, "cases.resolve.effect")
}

func blocked(ctx context.Context, k conversations.Case) string {
	if k.Status == models.CaseOpen {
		return ""
	}
	return i18n.T(ctx, "cases.resolve.done")
}

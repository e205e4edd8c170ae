package policies

import (
	"context"

	"frontdesk/internal/i18n"
	"frontdesk/views/ui"
)

// asked is the field that asks for a policy.
func asked(f Field) ui.Field {
	out := ui.Field{Name: f.Key, Hint: f.Hint, Unit: f.Unit, Options: f.Options}
	switch f.Kind {
	case "number":
		out.Digits = true
	case "wording":
		out.Max = f.Max
	case "line":
		out.Optional, out.Max = true, f.Max
	case "link", "tariffs":
		out.Optional, out.Max, out.Dir = true, f.Max, "ltr"
	case "zone", "currency":
		out.Dir = "ltr"
	}
	return out
}

// reason is the field that asks why.
func reason(ctx context.Context, form ui.Form) ui.Field {
	f := form.Bind(ctx, ui.Field{
		Name: "reason", Label: i18n.T(ctx, "policies.field.reason"), Hint: i18n.T(ctx, "policies.field.reason_hint"), Optional: true, Max: 200, Dir: "auto",
	})
	return f
}

package handlers

import (
	"context"

	"frontdesk/internal/i18n"
	"frontdesk/views/ui"
)

// namedOptions are values to choose from, each under its word in the catalogues: words, a dot, the value.
func namedOptions[T ~string](ctx context.Context, words string, values ...T) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: string(v), Label: i18n.T(ctx, words+"."+string(v))}
	}
	return out
}

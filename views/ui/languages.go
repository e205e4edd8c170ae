package ui

import (
	"context"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Languages are the product's languages to choose from, each by its name.
func Languages(ctx context.Context) []Option {
	var out []Option
	for _, lang := range models.Languages() {
		out = append(out, Option{Value: lang, Label: i18n.T(ctx, "console.lang."+lang)})
	}
	return out
}

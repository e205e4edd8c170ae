// Package logging makes the program's logger: JSON lines that carry the request or job they belong to
// and never a phone, an e-mail address, a name, a message text or a secret. What must
// not be shown is removed here, behind every caller's back, so that one careless line leaks nothing.
package logging

import (
	"context"
	"io"
	"log/slog"
)

// New makes a logger that writes masked JSON lines of at least the level.
func New(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(handler{next: slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})})
}

// Discard is a logger that writes nothing, for tests.
func Discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

type attrsKey struct{}
type requestKey struct{}

// With puts attributes on the context; every line logged with it carries them.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	have, _ := ctx.Value(attrsKey{}).([]slog.Attr)
	all := append(have[:len(have):len(have)], attrs...)
	return context.WithValue(ctx, attrsKey{}, all)
}

// WithRequest puts a request's correlation id on the context.
func WithRequest(ctx context.Context, id string) context.Context {
	return With(context.WithValue(ctx, requestKey{}, id), slog.String("request_id", id))
}

// Request is the correlation id on the context, empty when there is none.
func Request(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// handler masks what passes and adds the attributes of the context.
type handler struct{ next slog.Handler }

func (h handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	masked := slog.NewRecord(r.Time, r.Level, maskText(r.Message), r.PC)
	if attrs, ok := ctx.Value(attrsKey{}).([]slog.Attr); ok {
		for _, a := range attrs {
			masked.AddAttrs(maskAttr(a))
		}
	}
	r.Attrs(func(a slog.Attr) bool {
		masked.AddAttrs(maskAttr(a))
		return true
	})
	return h.next.Handle(ctx, masked)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	masked := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		masked[i] = maskAttr(a)
	}
	return handler{next: h.next.WithAttrs(masked)}
}

func (h handler) WithGroup(name string) slog.Handler { return handler{next: h.next.WithGroup(name)} }

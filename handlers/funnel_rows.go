package handlers

import (
	"context"
	"strconv"
	"time"

	"frontdesk/internal/funnel"
	"frontdesk/internal/i18n"
	"frontdesk/views/ui"
)

// count is a figure; for a reader of sums one about few people is not told.
func (a funnelAsk) count(n int) string {
	if a.sparing && n > 0 && n < fewest {
		return "<" + strconv.Itoa(fewest)
	}
	return strconv.Itoa(n)
}

// share is a part of a whole in percent: nothing of nothing, and not told where it would tell about few people.
func (a funnelAsk) share(ctx context.Context, part, whole int, of float64) string {
	if whole == 0 || a.sparing && (whole < fewest || part > 0 && part < fewest) {
		return "–"
	}
	return i18n.T(ctx, "funnel.percent", "Value", oneDecimal(100*of))
}

func (s *Server) funnelRows(ctx context.Context, ask funnelAsk) ([]figureRow, error) {
	rows, err := s.Funnel.Rows(ctx, ask.Span)
	out := make([]figureRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, figureRow{r.Day, r.Channel, r.Language, []string{
			ask.count(r.Looked), ask.count(r.Carted), ask.count(r.Started), ask.count(r.Paid), ask.share(ctx, r.Paid, r.Looked, r.Conversion()),
			ask.share(ctx, r.Carted, r.Looked, r.CartShare()), ask.share(ctx, r.Started, r.Carted, r.CheckoutShare()), ask.share(ctx, r.Paid, r.Started, r.PayShare()),
		}})
	}
	return out, err
}

func (s *Server) supportRows(ctx context.Context, ask funnelAsk) ([]figureRow, error) {
	rows, err := s.Funnel.Rows(ctx, ask.Span)
	out := make([]figureRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, figureRow{r.Day, r.Channel, r.Language, []string{
			ask.count(r.Asked), ask.count(r.Found), ask.count(r.Missed), ask.share(ctx, r.Found, r.Found+r.Missed, r.SupportShare()),
			ask.count(r.Chatted), ask.share(ctx, r.Chatted, r.Asked, r.ChatShare()), ask.count(r.Handed),
		}})
	}
	return out, err
}

func (s *Server) saleRows(ctx context.Context, ask funnelAsk) ([]figureRow, error) {
	rows, err := s.Funnel.Sales(ctx, ask.Span)
	out := make([]figureRow, 0, len(rows))
	for _, r := range rows {
		total, average := ui.Money(ctx, r.TotalMinor, r.Currency), ui.Money(ctx, r.AverageMinor(), r.Currency)
		if ask.sparing && r.Orders < fewest {
			total, average = "–", "–"
		}
		out = append(out, figureRow{r.Day, r.Channel, r.Language, []string{r.Currency, ask.count(r.Orders), total, average}})
	}
	return out, err
}

func (s *Server) leftRows(ctx context.Context, ask funnelAsk) ([]figureRow, error) {
	rows, err := s.Funnel.LeftAt(ctx, ask.Span)
	out := make([]figureRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, figureRow{r.Day, funnel.WhatsApp, r.Language, []string{i18n.T(ctx, "funnel.step."+r.Step), ask.count(r.Visits)}})
	}
	return out, err
}

func (s *Server) replyRows(ctx context.Context, ask funnelAsk) ([]figureRow, error) {
	rows, err := s.Funnel.FirstReplies(ctx, ask.Span)
	out := make([]figureRow, 0, len(rows))
	for _, r := range rows {
		median, p95 := seconds(ctx, r.Median), seconds(ctx, r.P95)
		if r.Answered == 0 || ask.sparing && r.Answered < fewest {
			median, p95 = "–", "–"
		}
		out = append(out, figureRow{r.Day, funnel.WhatsApp, r.Language, []string{ask.count(r.Heard), ask.count(r.Answered), median, p95}})
	}
	return out, err
}

// seconds is how long something took: "2.4 s".
func seconds(ctx context.Context, d time.Duration) string {
	return i18n.T(ctx, "funnel.seconds", "Value", oneDecimal(d.Seconds()))
}

func oneDecimal(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

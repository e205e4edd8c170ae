package simulator

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// Bounds of a payment played by hand.
const (
	maxCopies = 100
	maxHops   = 5
)

type payRequest struct {
	URL     string `json:"url"`
	Session string `json:"session"`
	Outcome string `json:"outcome"`
	DelayMS int    `json:"delay_ms"`
	Copies  int    `json:"copies"`
	WaitMS  int    `json:"wait_ms"`
}

type payAnswer struct {
	EventIDs []string `json:"event_ids"`
	Replies  []Reply  `json:"replies"`
}

// pay plays what becomes of a payment, even what the provider would not do, such as expired after
// paid. The copies of its event travel at the same time.
func (s *Server) pay(ctx context.Context, in payRequest) (payAnswer, error) {
	patience, err := waitMillis(in.WaitMS)
	if err != nil {
		return payAnswer{}, err
	}
	if in.Copies < 0 || in.Copies > maxCopies || in.DelayMS < 0 || in.DelayMS > int(longestWait.Milliseconds()) {
		return payAnswer{}, badRequest(fmt.Sprintf("copies must be at most %d and delay_ms at most %d", maxCopies, longestWait.Milliseconds()))
	}
	if (in.URL == "") == (in.Session == "") {
		return payAnswer{}, badRequest("give either url or session")
	}
	if in.Session == "" {
		if in.Session, err = s.sessionBehind(ctx, in.URL); err != nil {
			return payAnswer{}, err
		}
	}
	payer, err := s.payerOf(ctx, in.Session)
	if err != nil {
		return payAnswer{}, err
	}
	position := s.phones.position(payer.phone)
	e, err := s.stripe.settle(in.Session, in.Outcome, delivery{time.Duration(in.DelayMS) * time.Millisecond, in.Copies})
	if err != nil {
		return payAnswer{}, err
	}
	answer := payAnswer{EventIDs: []string{e.ID}, Replies: []Reply{}}
	if patience > 0 {
		s.await(ctx, patience, func(ctx context.Context) (bool, error) { return s.applied(ctx, payer, answer.EventIDs) })
		if payer.phone != "" {
			answer.Replies = s.phones.repliesSince(payer.phone, position)
		}
	}
	return answer, nil
}

var payPath = regexp.MustCompile(`^/pay/(cs_test_[A-Za-z0-9]+)$`)

// sessionBehind follows a link as the customer received it until it leads to our pay page. Only the
// app and the stand-ins are asked.
func (s *Server) sessionBehind(ctx context.Context, link string) (string, error) {
	allowed := []string{hostOf(s.url), hostOf(s.cfg.AppURL())}
	for range maxHops {
		u, err := url.Parse(link)
		if err != nil || !slices.Contains(allowed, hostOf(link)) {
			return "", badRequest("url is not a link of the app or of the pay page")
		}
		if m := payPath.FindStringSubmatch(u.Path); m != nil && u.Host == hostOf(s.url) {
			return m[1], nil
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
		if err != nil {
			return "", badRequest("url cannot be followed")
		}
		res, err := s.courier.client.Do(req)
		if err != nil {
			return "", badRequest("url cannot be followed: nobody answers there")
		}
		_ = res.Body.Close() // only the address it points to matters
		next, err := res.Location()
		if err != nil {
			return "", badRequest("url leads to no pay page")
		}
		link = next.String()
	}
	return "", badRequest("url leads round in circles")
}

func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Host
}

type refundRequest struct {
	Refund  string `json:"refund"`
	Intent  string `json:"payment_intent"`
	Outcome string `json:"outcome"`
}

type refundAnswer struct {
	EventIDs []string `json:"event_ids"`
}

// settleRefund plays what becomes of a refund.
func (s *Server) settleRefund(_ context.Context, in refundRequest) (refundAnswer, error) {
	if (in.Refund == "") == (in.Intent == "") {
		return refundAnswer{}, badRequest("give either refund or payment_intent")
	}
	events, err := s.stripe.settleRefund(in.Refund, in.Intent, in.Outcome)
	if err != nil {
		return refundAnswer{}, err
	}
	answer := refundAnswer{EventIDs: []string{}}
	for _, e := range events {
		answer.EventIDs = append(answer.EventIDs, e.ID)
	}
	return answer, nil
}

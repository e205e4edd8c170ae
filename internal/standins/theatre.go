package standins

import (
	"context"
	"time"
)

// Waits is what the product has not been able to do yet, in numbers.
type Waits struct {
	Messages   int `json:"messages"`   // to customers, not at the provider yet
	Unanswered int `json:"unanswered"` // from customers, not answered yet
	Webhooks   int `json:"webhooks"`   // of providers, not acknowledged yet
	Links      int `json:"links"`      // payment links that customers wait for
	Jobs       int `json:"jobs"`       // that failed and will be tried again
}

// Stages of a performance.
const (
	StageBroken     = "broken"
	StageRecovering = "recovering"
	StageRecovered  = "recovered"
)

// Performance is a fault that was played, with what came of it. Times are machine time.
type Performance struct {
	ID          string     `json:"id"`
	Service     string     `json:"service"`
	Mode        string     `json:"mode"`
	Stage       string     `json:"stage"`
	BeganAt     time.Time  `json:"began_at"`
	Until       *time.Time `json:"until,omitempty"` // nil: until it was mended
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	OpenedAt    *time.Time `json:"opened_at,omitempty"` // its breaker
	ClosedAt    *time.Time `json:"closed_at,omitempty"`
	RecoveredAt *time.Time `json:"recovered_at,omitempty"`
	Before      Waits      `json:"before"`
	Peak        Waits      `json:"peak"`
}

// Live tells whether something may still come of it.
func (p Performance) Live() bool { return p.Stage == StageBroken || p.Stage == StageRecovering }

// Theatre is what waits now, and the last performances, newest first.
type Theatre struct {
	Waits        Waits         `json:"waits"`
	Performances []Performance `json:"performances"`
}

// Theatre reads it.
func (c *Client) Theatre(ctx context.Context) (Theatre, error) {
	var t Theatre
	err := c.get(ctx, "theatre", nil, &t)
	return t, err
}

// Tell is Say without waiting for an answer.
func (c *Client) Tell(ctx context.Context, in Say) error {
	return c.post(ctx, PlayWithin, "say", in, nil)
}

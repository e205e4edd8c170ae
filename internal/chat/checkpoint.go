package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"frontdesk/models"
)

// Checkpoint is the live copy of a conversation in Redis: its state and the last messages verbatim
// . Postgres is the truth; losing a checkpoint loses nothing.
type Checkpoint struct {
	Version  int64            `json:"version"`
	Language models.Language  `json:"language"`
	State    json.RawMessage  `json:"state"`
	Messages []models.Message `json:"messages"` // oldest first
	At       time.Time        `json:"at"`       // business time of the last turn
}

func checkpointKey(id models.ID) string { return "chat:" + id.String() }

// checkpoint writes the live copy after a turn. Best effort: a turn that is committed is not undone
// because Redis is away.
func (c *Clerk) checkpoint(ctx context.Context, conv models.Conversation) {
	if err := c.writeCheckpoint(ctx, conv); err != nil {
		logger(ctx, "checkpoint not written", err)
	}
}

func (c *Clerk) writeCheckpoint(ctx context.Context, conv models.Conversation) error {
	policies, err := c.Settings.Policies(ctx)
	if err != nil {
		return err
	}
	messages, err := c.Thread.Last(ctx, conv.ID, policies.MemoryMessages)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(Checkpoint{conv.Version, conv.Language, conv.State, messages, c.Clock.Now()})
	if err != nil {
		return fmt.Errorf("encode checkpoint: %w", err)
	}
	return c.Redis.Set(ctx, checkpointKey(conv.ID), raw, time.Duration(policies.CheckpointHours)*time.Hour)
}

// Checkpoint reads the live copy of a conversation. found is false when there is none, or when the
// conversation has been silent for longer than P.memory says.
func (c *Clerk) Checkpoint(ctx context.Context, id models.ID) (p Checkpoint, found bool, err error) {
	raw, err := c.Redis.Get(ctx, checkpointKey(id))
	if err != nil || raw == nil {
		return p, false, err
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, false, fmt.Errorf("read checkpoint: %w", err)
	}
	policies, err := c.Settings.Policies(ctx)
	if err != nil {
		return p, false, err
	}
	if c.Clock.Now().Sub(p.At) > time.Duration(policies.CheckpointHours)*time.Hour {
		return Checkpoint{}, false, c.Redis.Delete(ctx, checkpointKey(id))
	}
	return p, true, nil
}

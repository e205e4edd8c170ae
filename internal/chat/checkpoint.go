package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"frontdesk/internal/settings"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Checkpoint is the live copy of a conversation in Redis: its state and the last messages verbatim
// . A turn reads it instead of the row to understand a message, and compares its version
// under the lock. Postgres is the truth; losing a checkpoint, or having an old one, loses nothing.
type Checkpoint struct {
	ContactID models.ID        `json:"contact"`
	Version   int64            `json:"version"`
	Language  models.Language  `json:"language"`
	State     json.RawMessage  `json:"state"`
	Messages  []models.Message `json:"messages"` // oldest first
	At        time.Time        `json:"at"`       // business time of the last turn
}

const checkpointPrefix = "chat:"

// redisPatience is how long a turn waits for Redis to answer before it goes on without.
const redisPatience = 50 * time.Millisecond

func checkpointKey(id models.ID) string { return checkpointPrefix + id.String() }

// Forget removes the live copy of a conversation whose person is erased.
func (c *Clerk) Forget(ctx context.Context, id models.ID) error {
	return wrap(c.Redis.Delete(ctx, checkpointKey(id)), "remove checkpoint")
}

// checkpoint writes the live copy after a turn that saved the conversation: at once when more is to be
// understood against it, else when the customer has the answer. Best effort: a turn that is committed is
// not undone because Redis is away.
func (c *Clerk) checkpoint(ctx context.Context, saved models.Conversation, more bool) {
	if saved.Version == 0 {
		return
	}
	write := func() {
		if err := c.SaveCheckpoint(ctx, saved); err != nil {
			warn(ctx, "checkpoint not written", err)
		}
	}
	if more {
		write()
		return
	}
	queue.Afterwards(ctx, write)
}

// SaveCheckpoint writes the live copy of a conversation as it was committed, with its last messages
// . It is outside any transaction, and nothing depends on it.
func (c *Clerk) SaveCheckpoint(ctx context.Context, conv models.Conversation) error {
	policies, err := c.Settings.Policies(ctx)
	if err != nil {
		return err
	}
	messages, err := c.Thread.Last(ctx, conv.ID, policies.MemoryMessages)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(Checkpoint{conv.ContactID, conv.Version, conv.Language, conv.State, messages, c.Clock.Now()})
	if err != nil {
		return fmt.Errorf("encode checkpoint: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	kept := c.Redis.Client.B().Set().Key(c.Redis.Key(checkpointKey(conv.ID))).Value(rueidis.BinaryString(raw)).Px(life(policies)).Build()
	seen := c.Redis.Client.B().Zadd().Key(c.Redis.Key(idleKey)).ScoreMember().
		ScoreMember(float64(c.Clock.Now().Unix()), conv.ID.String()).Build()
	for _, result := range c.Redis.Client.DoMulti(ctx, kept, seen) {
		if err := result.Error(); err != nil {
			return fmt.Errorf("keep checkpoint: %w", err)
		}
	}
	return nil
}

// life is how long a silent conversation keeps its checkpoint (P.memory).
func life(p settings.Policies) time.Duration { return time.Duration(p.CheckpointHours) * time.Hour }

// idleKey holds the conversations with a checkpoint by the business time of their last turn: the
// lifetime in Redis runs on the machine's clock and is a backstop only.
const idleKey = "chats"

// ForgetIdle removes the checkpoints of conversations that have been silent for P.memory's hours, and
// tells how many. Safe to run twice at once.
func (c *Clerk) ForgetIdle(ctx context.Context) (int, error) {
	policies, err := c.Settings.Policies(ctx)
	if err != nil {
		return 0, err
	}
	b, key := c.Redis.Client.B(), c.Redis.Key(idleKey)
	until := strconv.FormatInt(c.Clock.Now().Add(-life(policies)).Unix(), 10)
	ids, err := c.Redis.Client.Do(ctx, b.Zrangebyscore().Key(key).Min("-inf").Max(until).Build()).AsStrSlice()
	if err != nil || len(ids) == 0 {
		return 0, wrap(err, "find idle checkpoints")
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = checkpointPrefix + id
	}
	if err := c.Redis.Delete(ctx, names...); err != nil {
		return 0, err
	}
	err = c.Redis.Client.Do(ctx, c.Redis.Client.B().Zremrangebyscore().Key(key).Min("-inf").Max(until).Build()).Error()
	return len(ids), wrap(err, "forget idle checkpoints")
}

func wrap(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// recall reads the live copy of a conversation. found is false when there is none, or when the
// conversation has been silent for longer than P.memory says.
func (c *Clerk) recall(ctx context.Context, policies settings.Policies, id models.ID) (p Checkpoint, found bool, err error) {
	raw, err := c.Redis.Get(ctx, checkpointKey(id))
	if err != nil || raw == nil {
		return p, false, err
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, false, fmt.Errorf("read checkpoint: %w", err)
	}
	if c.Clock.Now().Sub(p.At) >= life(policies) {
		return Checkpoint{}, false, c.Redis.Delete(ctx, checkpointKey(id))
	}
	return p, true, nil
}

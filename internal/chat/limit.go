package chat

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

// What a customer writes beyond P.sender.rate_per_min stays unhandled, is seen by staff, and is
// answered when the minute is over: then what waits is heard as one, in its order, so that a flood costs
// one turn and gets one answer. Whether a conversation is behind is part of its saved state, told to the
// customer in the transaction that saves it: once, whatever crashes.

// rateWindow is the minute of P.sender.rate_per_min, in machine time.
const rateWindow = time.Minute

// admit counts a message, or what is heard together with it, against its sender's minute and tells how
// long it has to wait. Begun again after a crash it counts once. While Redis is away nobody waits: what
// customers write is answered uncounted.
func (c *Clerk) admit(ctx context.Context, p settings.Policies, conversationID, messageID models.ID) (wait time.Duration) {
	wait, err := c.Redis.TakeOnce(ctx, messageID.String(), redisstore.Bucket{
		Name: "sender:" + conversationID.String(), Most: p.SenderRatePerMinute, Window: rateWindow,
	})
	if err != nil {
		if ctx.Err() == nil {
			warn(ctx, "message not counted", err)
		}
		return 0
	}
	return wait
}

// holdBack leaves what waits for the next minute, and says so the first time. The conversation as it was
// saved; zero when nothing changed.
func (c *Clerk) holdBack(ctx context.Context, s salon, conv models.Conversation, r reading) (models.Conversation, error) {
	if r.state.Behind {
		return models.Conversation{}, nil
	}
	w := speaker{texts: s.texts, lang: r.meaning.Language}
	words, err := w.line(say("chat.limit.later", nil))
	if err != nil {
		return conv, err
	}
	err = c.Thread.Add(ctx, &conv, thread.Outgoing{
		Class: models.ClassReply, Language: w.lang, Cause: "limit",
		Content: models.Content{Kind: models.KindText, Text: words}, DedupeKey: "limit:" + r.cause(),
	})
	if err != nil {
		return conv, err
	}
	r.state.Behind = true
	if conv.State, err = r.state.save(); err != nil {
		return conv, err
	}
	return c.Thread.Save(ctx, conv)
}

// due is what the next turn answers: the oldest message or, of a conversation that is behind, all that
// can be heard as one with it.
func (s State) due(waiting []models.Message) []models.Message {
	n := 1
	for s.Behind && n < len(waiting) && manner(waiting[n].Content) == manner(waiting[0].Content) {
		n++
	}
	return waiting[:n]
}

// manner is how a message speaks. Words that follow each other make one text; of taps, or of pictures
// and voices, that follow each other the newest stands for all.
func manner(c models.Content) string {
	switch {
	case c.ReplyID != "":
		return "tap"
	case c.Text != "":
		return "words"
	default:
		return "other"
	}
}

// together is what messages of one manner say as one. Of more words than are read in one message the
// newest count.
func together(messages []models.Message) models.Content {
	heard := messages[len(messages)-1].Content
	if len(messages) == 1 || manner(heard) != "words" {
		return heard
	}
	from, length := len(messages), 0
	for from > 0 {
		length += utf8.RuneCountInString(messages[from-1].Content.Text) + 1
		if length > maxText && from < len(messages) {
			break
		}
		from--
	}
	lines := make([]string, 0, len(messages)-from)
	for _, m := range messages[from:] {
		lines = append(lines, m.Content.Text)
	}
	heard.Text = strings.Join(lines, "\n")
	return heard
}

package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/claude"
	"frontdesk/models"
)

// Outcomes of asking a model.
const (
	modelUsed     = "used"     // its meaning was taken
	modelUnsure   = "unsure"   // it was no surer than the rules
	modelNonsense = "nonsense" // what it said does not fit the message or the salon
	modelAway     = "away"     // no answer in time
	modelStale    = "stale"    // the conversation had moved on meanwhile: the rules read again
)

// modelCall is what asking a model for a message came to; zero when it was not asked.
type modelCall struct {
	outcome string
	took    time.Duration // machine time
	cost    claude.Answer // tokens and price; its input is not kept
}

// consultModel has a model read what the rules are not sure of: after them, outside any transaction,
// within its time-out. Whatever goes wrong, the rules' meaning stands, within the same turn. It is never
// asked about health, nor where nothing is answered anyway: then nothing leaves the house.
func (c *Clerk) consultModel(ctx context.Context, s salon, conv models.Conversation, r reading) reading {
	if c.Model == nil || r.in.ReplyID != "" || r.meaning.Errand.Do != understand.DoNothing || !worthAsking(s.policies.ModelBelowPercent, r.meaning) {
		return r
	}
	if again, known := c.minded.take(r); known {
		return again
	}
	truth, err := c.Thread.Conversation(ctx, conv.ID)
	if err != nil {
		return r // the turn itself will meet what is wrong
	}
	if silent, err := c.silent(ctx, truth); err != nil || silent {
		return r
	}
	before, err := c.tellable(ctx, s, truth)
	if err != nil {
		warn(ctx, "model asked without what was said before", err)
	}
	began := c.Clock.Machine()
	meaning, answer, err := c.askModel(ctx, s, r, before)
	asked := modelCall{outcome: modelOutcome(err), took: c.Clock.Machine().Sub(began), cost: answer}
	asked.cost.Input = nil
	switch {
	case err != nil:
		warn(ctx, "a message was read by the rules alone", err)
	case meaning.Confidence <= r.meaning.Confidence:
		asked.outcome = modelUnsure
	default:
		r.meaning = meaning
	}
	if c.ModelAsked != nil {
		c.ModelAsked(asked.outcome, asked.took)
	}
	r.asked = asked
	return r
}

// tellable is what a model may know of a conversation: not what was said while a person had it or before, nor what
// the rules read as a matter of health.
func (c *Clerk) tellable(ctx context.Context, s salon, conv models.Conversation) (Recollection, error) {
	before, err := c.Recollect(ctx, conv, conv.Language)
	before.Messages = slices.DeleteFunc(before.Messages, func(m models.Message) bool {
		switch {
		case m.Seq <= conv.SilencedSeq, conv.HumanUntil != nil && m.CreatedAt.Before(*conv.HumanUntil), m.Class == models.ClassHandoff:
			return true
		case m.Direction != models.In:
			return false
		}
		in := understand.Input{Text: m.Content.Text, Language: m.Language, Now: m.CreatedAt.In(s.policies.Zone()), Vocabulary: s.words}
		return understand.Read(in).Intents.Has(understand.Health)
	})
	return before, err
}

// worthAsking tells whether a model is asked about what the rules made of a text, by the policy's percentage.
func worthAsking(belowPercent int, m understand.Meaning) bool {
	return belowPercent > 0 && (m.Confidence < belowPercent || belowPercent == 100) &&
		!m.Empty && !m.Intents.Has(understand.Health, understand.Stop, understand.Start)
}

func (c *Clerk) askModel(ctx context.Context, s salon, r reading, before Recollection) (understand.Meaning, claude.Answer, error) {
	properties, required := understand.ModelTool(s.words)
	answer, err := c.Model.Ask(ctx, claude.Question{
		System: understand.ModelSystem(s.words),
		Text:   understand.ModelText(r.in, told(before, r)),
		Tool: claude.Tool{
			Name: "meaning", Description: "What the customer's message means", Properties: properties, Required: required,
		},
	})
	if err != nil {
		return understand.Meaning{}, answer, fmt.Errorf("ask the model: %w", err)
	}
	meaning, err := understand.Modelled(answer.Input, r.in, r.meaning)
	return meaning, answer, err
}

// told is what was said before the messages being read, oldest first.
func told(before Recollection, r reading) []string {
	lines := before.Summary
	for _, m := range before.Messages {
		if m.ID == r.messages[0].ID {
			break
		}
		who := "Salon: "
		if m.Direction == models.In {
			who = "Customer: "
		}
		if words := m.Content.Text + m.Content.ReplyTitle; words != "" {
			lines = append(lines, who+words)
		}
	}
	return lines
}

func modelOutcome(err error) string {
	switch {
	case err == nil:
		return modelUsed
	case errors.Is(err, understand.ErrNonsense), errors.Is(err, claude.ErrNonsense):
		return modelNonsense
	default:
		return modelAway
	}
}

package chat

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/chat/understand/phrases"
	"frontdesk/models"
)

// sayings are what customers write, by language and by what was asked: "" is said out of the blue.
type sayings map[models.Language]map[string][]string

// loadSayings reads the phrases that rules may be written from; out of the blue they lie by intent.
func loadSayings(t *testing.T) sayings {
	t.Helper()
	all := sayings{}
	for _, lang := range models.Languages() {
		all[lang] = map[string][]string{}
		for _, split := range []string{phrases.Train, phrases.Dev} {
			list, err := phrases.Load("understand", split, lang)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range list {
				key := "intent " + p.Intent
				if p.Expect != "" {
					key = string(p.Expect)
				}
				all[lang][key] = append(all[lang][key], p.Text)
			}
		}
	}
	return all
}

// usual are intents as often as they are had; health and complaints end a conversation and are rare.
var usual = []understand.Intent{
	understand.Book, understand.Book, understand.Book, understand.Book, understand.Book, understand.Yes, understand.No, understand.Greeting,
	understand.Thanks, understand.Cancel, understand.Cancel, understand.Move, understand.Move, understand.Price, understand.PaidClaim,
	understand.SendLink, understand.Usual, understand.MyBooking, understand.ListServices, understand.Undecided, understand.Duration,
	understand.Delay, "group", "third_party", "faq", "answer", "payment_problem", "unclear", "name_correction", "social",
	"confirm_visit", "goodbye", "language_switch", "browse", "stop", "start", "person", "health", "complaint",
}

// writes lets a customer write, or tap.
func (c *crowd) customerWrites(g *guest) {
	if c.chance(30) {
		g.lang = models.Languages()[c.rng.IntN(3)]
	}
	id := fmt.Sprintf("wamid.%s.%d", g.phone, len(g.sent))
	content := c.words(g)
	g.sent = append(g.sent, sent{id, content})
	c.delivers(g, id, content)
}

// words are a customer's next message: a tap, an answer to what was asked, or something else; how often
// depends on who it is.
func (c *crowd) words(g *guest) models.Content {
	state, options := State{}, []models.Option(nil)
	if g.conv != (models.ID{}) {
		conv, err := c.Thread.Conversation(c.ctx, g.conv)
		c.must(err)
		state, options = loadState(conv.State), c.shown(g)
	}
	if c.rng.IntN(100) >= g.erratic {
		if len(state.Options) > 0 && !c.chance(3) {
			return tap(state.Options[min(c.rng.IntN(len(state.Options)), c.rng.IntN(len(state.Options)))]) // rather the first
		}
		if list := c.phrases[g.lang][string(state.expect())]; len(list) > 0 {
			return text(list[c.rng.IntN(len(list))])
		}
		if list := c.phrases[g.lang]["intent book"]; state.Stage == StageOpen && c.chance(2) {
			return text(list[c.rng.IntN(len(list))])
		}
	}
	switch n := c.rng.IntN(100); {
	case n < 8 && len(options) > 0:
		return tap(options[c.rng.IntN(len(options))]) // an old message's
	case n < 11:
		return models.Content{Kind: models.KindMedia, MediaType: "audio"}
	case n < 13:
		return models.Content{Kind: models.KindReaction, Text: []string{"👍", "❤️", "👎"}[c.rng.IntN(3)]}
	case n < 20:
		return text([]string{"?", "...", "asdf qwer", "{{.Name}}", "1", "12", "ok", "mañana", "غدا", "5pm", "Dalia Rowe", "📅"}[c.rng.IntN(12)])
	}
	list := c.phrases[g.lang]["intent "+string(usual[c.rng.IntN(len(usual))])]
	if len(list) == 0 {
		return text("?")
	}
	return text(list[c.rng.IntN(len(list))])
}

func tap(o models.Option) models.Content {
	return models.Content{Kind: models.KindButtonReply, ReplyID: o.ID, ReplyTitle: o.Title}
}

// shown are all options that a customer was ever shown.
func (c *crowd) shown(g *guest) (all []models.Option) {
	messages, err := c.Thread.Last(c.ctx, g.conv, 40)
	c.must(err)
	for _, m := range messages {
		all = append(all, m.Content.Options...)
	}
	return all
}

// delivers hands a message in as the channel does, without answering it.
func (c *crowd) delivers(g *guest, id string, content models.Content) {
	raw, err := json.Marshal(models.InboundMessage{
		Channel: models.ChannelWhatsApp, From: g.phone, ProfileName: g.profile, ProviderID: id, Content: content,
	})
	c.must(err)
	_, err = c.Receive(c.ctx, models.ProviderEvent{ID: models.NewID(), Payload: raw})
	c.mayNot("receive", err)
	if g.conv != (models.ID{}) {
		return
	}
	contact, err := c.Customers.ContactByAddress(c.ctx, models.ChannelWhatsApp, g.phone)
	c.must(err)
	conv, err := c.Thread.Of(c.ctx, contact, models.English)
	c.must(err)
	g.conv = conv.ID
}

// repeats delivers one of the last messages again.
func (c *crowd) repeats(g *guest) {
	if len(g.sent) == 0 {
		return
	}
	again := g.sent[max(0, len(g.sent)-1-c.rng.IntN(4))]
	c.record("  (%s: the channel delivers %q again)", g.phone, again.id)
	c.delivers(g, again.id, again.content)
}

func (c *crowd) chance(n int) bool { return c.rng.IntN(n) == 0 }

// guestOf is whose conversation it is.
func (c *crowd) whose(conv models.ID) *guest {
	i := slices.IndexFunc(c.guests, func(g *guest) bool { return g.conv == conv })
	if i < 0 {
		return &guest{phone: "somebody else"}
	}
	return c.guests[i]
}

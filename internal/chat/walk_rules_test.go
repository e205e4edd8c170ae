package chat

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// spoken is something said, with the facts it was made from.
type spoken struct {
	conv  models.ID
	cause string
	lang  models.Language
	say   Say
	words models.Content
}

func (c *crowd) witness(w *work, s Say, words models.Content) {
	c.spoken = append(c.spoken, spoken{w.conv.ID, w.cause, w.lang, s, words})
}

// humans are the conversations that staff have.
func (c *crowd) humans() map[models.ID]bool {
	var list []models.Conversation
	c.must(c.DB.On(c.ctx).Find(&list).Error)
	out := map[models.ID]bool{}
	for _, conv := range list {
		out[conv.ID] = conv.Human(c.Clock.Now())
	}
	return out
}

// checkSpoken holds what was said in a step against the rules of speech.
func (c *crowd) checkSpoken(human map[models.ID]bool) {
	after := c.humans()
	c.checkOffers()
	options, replies, asks := map[string]int{}, map[string]bool{}, map[string]string{}
	for _, s := range c.spoken {
		turn := s.conv.String() + s.cause
		if len(s.say.Options) > 0 {
			if options[turn]++; options[turn] > 1 {
				c.fails("two questions in one turn: %q", s.words.Text)
			}
		}
		if strings.ContainsAny(s.words.Text, "?؟") && s.say.Key == "" {
			if asks[turn] != "" {
				c.fails("two bubbles ask in one turn: %q and %q", asks[turn], s.words.Text)
			}
			asks[turn] = s.words.Text
		}
		if s.say.Class == models.ClassReply {
			replies[turn] = true
		}
		if s.say.Class == models.ClassHandoff && replies[turn] {
			c.fails("a reply is lost to the hand-off of its own turn: %q", s.words.Text)
		}
		if human[s.conv] && after[s.conv] {
			if s.say.Key == "" {
				c.fails("spoke in human mode: %q", s.words.Text)
			}
			if s.say.Class == models.ClassReceipt && len(s.say.Options) > 0 {
				c.fails("asked in human mode: %q", s.words.Text)
			}
		}
		c.checkWords(s)
	}
}

// checkOffers looks whether the times offered in a step are free, unless more happened in it than one turn.
func (c *crowd) checkOffers() {
	for _, s := range c.spoken {
		for _, o := range s.say.Options {
			slot, is := slotOf(o.ID)
			if !is || s.cause != c.spoken[0].cause || len(c.spoken) > 2 {
				continue
			}
			var taken int64
			c.must(c.DB.On(c.ctx).Model(&models.Appointment{}).Where("stylist_id = ? AND starts_at <= ? AND ends_at > ?", slot.StylistID, slot.Start, slot.Start).
				Where("status IN ('confirmed', 'reschedule_pending') OR status = 'provisional' AND hold_expires_at > ?", c.Clock.Now()).
				Where("conversation_id IS DISTINCT FROM ?", s.conv).Count(&taken).Error)
			if taken > 0 || !slot.Start.After(c.Clock.Now()) {
				c.fails("offers a time that cannot be had: %s of %q", slot.Start, s.words.Text)
			}
		}
	}
}

// foreign are words that no message in a language has.
var foreign = map[models.Language]*regexp.Regexp{
	models.English: regexp.MustCompile(`(?i)[¿¡]|\b(tu|para|una|con|qué|cita)\b`),
	models.Spanish: regexp.MustCompile(`(?i)\b(the|your|you|with|and|for|at)\b`),
	models.Arabic:  regexp.MustCompile(`(?i)\b(the|your|with|tu|para|una|cita)\b`),
}

// checkWords holds one message against the facts it was given, WhatsApp's limits and its language.
func (c *crowd) checkWords(s spoken) {
	given := map[string]bool{}
	for _, line := range s.say.Lines {
		collect(given, line)
	}
	for i := range s.say.Options {
		given[fmt.Sprint(i+1)] = true
		for _, title := range s.say.Options[i].Titles {
			collect(given, title)
		}
		if d := s.say.Options[i].Detail; d != nil {
			collect(given, *d)
		}
	}
	for _, n := range number.FindAllString(s.words.Text, -1) {
		if !given[n] {
			c.fails("a number that is no fact: %q in %q", n, s.words.Text)
		}
	}
	if problem := lint(s.words); problem != "" {
		c.fails("%s: %q", problem, s.words.Text)
	}
	if n := len(strings.Fields(s.words.Text)); n > 150 {
		c.fails("too long: %d words: %q", n, s.words.Text)
	}
	arabic := strings.ContainsFunc(s.words.Text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) })
	if s.lang == models.Arabic && !arabic {
		c.fails("not Arabic: %q", s.words.Text)
	}
	if other := foreign[s.lang].FindString(s.words.Text); other != "" {
		c.fails("%q in a message in %s: %q", other, s.lang, s.words.Text)
	}
	if t := s.words.Template; t != nil {
		for _, v := range t.Values {
			if strings.TrimSpace(v) == "" || strings.Contains(v, "{{") {
				c.fails("unfilled template: %s %q", t.Name, t.Values)
			}
		}
	}
}

// checkBooks holds the database against the rules of the books.
func (c *crowd) checkBooks() {
	broken, err := testkit.Books(c.ctx, c.DB.Pool, c.Clock.Now(), c.swept)
	c.must(err)
	if len(broken) > 0 {
		c.fails("%s", broken[0])
	}
}

// settles lets all time run out: nothing may be left waiting.
func (c *crowd) settles() {
	c.spoken = nil
	before := c.humans()
	c.hand.Advance(30 * time.Hour)
	c.sweep()
	c.works()
	c.follow()
	c.checkSpoken(before)
	c.checkBooks()
	var waiting int64
	c.must(c.DB.On(c.ctx).Model(&models.Appointment{}).Where("status IN ('provisional', 'reschedule_pending')").Count(&waiting).Error)
	if waiting > 0 {
		c.fails("%d visits still wait", waiting)
	}
}

// follow writes what was said on either side since the last step into the trail.
func (c *crowd) follow() {
	var list []models.Message
	c.must(c.DB.On(c.ctx).Order("seq").Find(&list, "seq > ?", c.lastOut).Error)
	for _, m := range list {
		c.lastOut = m.Seq
		g, words := c.whose(m.ConversationID), strings.ReplaceAll(m.Content.Text, "\n", " / ")
		switch {
		case m.Direction == models.In && m.Content.ReplyID != "":
			c.record("< %s [%s] %s", g.phone[9:], m.Content.ReplyTitle, m.Content.ReplyID)
		case m.Direction == models.In:
			c.record("< %s %s%s", g.phone[9:], words, m.Content.MediaType)
		default:
			titles := ""
			for _, o := range m.Content.Options {
				titles += " [" + o.Title + "]"
			}
			c.record("> %s %s (%s): %s%s", g.phone[9:], m.Class, m.Cause, words, titles)
		}
	}
}

package chat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/funnel"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// A rehearsal is a conversation that nobody has: the assistant answers as it would, and nothing is sent, stored with
// a customer, booked or ordered. Who rehearses is kept apart from everybody: what it holds is a guest's cart
// of its own and where it stands, for an hour.

// Rehearsal is one line of it, by whoever Who names: a name of any form, which is nobody's phone.
type Rehearsal struct {
	Who      string
	Text     string          // words, or the id of an option that was shown
	Language models.Language // to begin with; empty keeps the one spoken
}

// rehearsalLife is how long a rehearsal is remembered, in machine time.
const rehearsalLife = time.Hour

// rehearsal is where one stands.
type rehearsal struct {
	State    State           `json:"state"`
	Language models.Language `json:"language"`
	Token    string          `json:"token,omitempty"` // of its cart
	Options  []models.Option `json:"options,omitempty"`
}

// Rehearse says what the assistant would answer. Nothing is sent.
func (c *Clerk) Rehearse(ctx context.Context, r Rehearsal) ([]models.Content, error) {
	ctx, s, err := c.salon(ctx)
	if err != nil {
		return nil, err
	}
	name := rehearsalName(r.Who)
	kept := rehearsal{Language: models.English}
	raw, err := c.Redis.Get(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("read rehearsal: %w", err)
	}
	if raw != nil && json.Unmarshal(raw, &kept) != nil {
		kept = rehearsal{Language: models.English}
	}
	if r.Language != "" {
		kept.Language = r.Language
	}
	w, event := c.rehearsed(s, kept, r.Text)
	if kept.State, err = w.run(funnel.AsTest(ctx), kept.State, event); err != nil { // what it puts into its cart is nobody's
		return nil, err
	}
	if err := w.previewed(ctx); err != nil {
		return nil, err
	}
	kept.Language, kept.Token, kept.Options = w.lang, w.stage.token, w.stage.options
	if raw, err = json.Marshal(kept); err != nil {
		return nil, fmt.Errorf("encode rehearsal: %w", err)
	}
	if err := c.Redis.Set(ctx, name, raw, rehearsalLife); err != nil {
		return nil, fmt.Errorf("keep rehearsal: %w", err)
	}
	return w.stage.said, nil
}

// rehearsalName is where a rehearsal is kept; who rehearses is not told by it.
func rehearsalName(who string) string {
	sum := sha256.Sum256([]byte(who))
	return "rehearsal:" + hex.EncodeToString(sum[:16])
}

// rehearsed is the work of one line, and what was heard.
func (c *Clerk) rehearsed(s salon, kept rehearsal, text string) (*work, Event) {
	now := c.Clock.Now().In(s.policies.Zone())
	heard := models.Content{Kind: models.KindText, Text: text}
	if i := slices.IndexFunc(kept.Options, func(o models.Option) bool { return o.ID == text }); i >= 0 {
		heard = models.Content{Kind: models.KindButtonReply, ReplyID: text, ReplyTitle: kept.Options[i].Title}
	} else if strings.HasPrefix(text, shopPrefix) {
		heard = models.Content{Kind: models.KindButtonReply, ReplyID: text}
	}
	in := understand.Input{
		Text: heard.Text, ReplyID: heard.ReplyID, ReplyTitle: heard.ReplyTitle, Language: kept.Language, Expect: kept.State.expect(), Options: kept.State.Options,
		Now: now, Vocabulary: s.words, Wanted: kept.State.Request.day(),
	}
	in.Opens, in.Closes = widest(s.hours)
	m := kept.State.keepTongue(understand.Read(in), heard.Text)
	m.Errand = errandIn(in, m, kept.State)
	m = inTongue(in, m)
	f := Facts{
		Now: now, Policies: s.policies, Menu: s.menu, FAQs: s.faqs, Hours: s.hours, Opening: s.opening, PrivacyURL: s.policies.PrivacyURL,
	}
	if f.PrivacyURL == "" {
		f.PrivacyURL = c.BaseURL() + "/privacy"
	}
	w := &work{
		Clerk: c, salon: s, facts: f, cause: "rehearsal", stage: &stage{token: kept.Token, options: kept.Options},
		speaker: speaker{texts: s.texts, lang: m.Language, arabic: s.policies.ArabicDigits},
	}
	return w, Event{Facts: f, Language: m.Language, Heard: &Heard{heard, m}}
}

// stage is where a rehearsal plays: what is said is kept, and the cart is a guest's.
type stage struct {
	token   string
	said    []models.Content
	options []models.Option
	step    string // what the line wanted of the shop
}

// play does of an action what touches nobody. What would book, order, tell people or keep somebody's data is said to
// be a rehearsal's end.
func (w *work) play(ctx context.Context, state *State, a Action) (*Event, error) {
	switch a := a.(type) {
	case Say:
		return nil, w.saysOnStage(state, a)
	case Shopping:
		return w.shop(ctx, a)
	case PrepareOrder:
		cart, err := w.cart(ctx)
		return &Event{Prepared: &Prepared{Cart: cart}}, err
	case FindOrders:
		return &Event{Orders: &FoundOrders{Asked: a}}, nil
	case FindSlots:
		found, err := w.Diary.FindSlots(ctx, a.Query)
		return &Event{Found: &Found{a.Why, a.Query, found}}, err
	case Answered, SetConsent, Agree, Register, SetName, SetSurname, Rename:
		return nil, nil
	default:
		return nil, w.saysOnStage(state, Say{Lines: []Line{say("shopchat.rehearsal", nil)}})
	}
}

func (w *work) saysOnStage(state *State, s Say) error {
	c, options, err := w.content(s)
	if err != nil {
		return err
	}
	switch {
	case s.Shop && state.Shop != nil:
		shop := *state.Shop
		shop.Options, state.Shop = options, &shop
	case len(options) > 0:
		state.Options = options
	}
	if s.Picture != "" {
		c.Kind, c.URL = models.KindImage, w.address(s.Picture)
	}
	if len(options) > 0 {
		w.stage.options = options
	}
	w.stage.said = append(w.stage.said, c)
	return nil
}

// owner of a rehearsal's cart: a guest's session, opened when something is put in.
func (s *stage) owner(ctx context.Context, w *work, open bool) (owner shop.Owner, known bool, err error) {
	if s.token != "" {
		if owner, err = w.Shop.Session(ctx, s.token); err == nil {
			return owner, true, nil
		}
	}
	if !open {
		return owner, false, nil
	}
	token, session, err := w.Shop.OpenSession(ctx)
	s.token = token
	return session.Owner, err == nil, err
}

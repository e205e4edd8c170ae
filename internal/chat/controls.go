package chat

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/internal/privacy"
	"frontdesk/models"
)

// What a customer says about the conversation itself: whether the salon may write unasked, which language
// to speak, what they are called. It holds in every stage, and the open question stays open.

// SetConsent notes whether the customer wants to hear from the salon unasked.
type SetConsent struct{ Consent models.Consent }

// Rename corrects both parts of the customer's name, audited; an empty one stays as it is.
type Rename struct{ Name, Surname string }

func (SetConsent) action() {}
func (Rename) action()     {}

// consent takes STOP and START. STOP ends what the salon writes unasked, reminders too; what customers ask
// for, and receipts, still come. Words that wish for more than that are answered as well.
func (d *dialogue) consent(m understand.Meaning) {
	switch {
	case m.Intents.Has(understand.Stop):
		d.do(SetConsent{models.ConsentWithdrawn})
		d.lead(say("controls.stop", nil))
	case m.Intents.Has(understand.Start):
		d.do(SetConsent{models.ConsentGiven})
		d.lead(say("controls.start", nil))
	}
}

// silent tells whether nobody but staff answers in a conversation: they have it, or it is somebody's whom the
// pilot leaves out. What such a customer writes is kept and seen all the same (R-1105).
func (c *Clerk) silent(ctx context.Context, conv models.Conversation) (bool, error) {
	if conv.Human(c.Clock.Now()) {
		return true, nil
	}
	if len(c.Pilot) == 0 {
		return false, nil
	}
	contact, err := c.Customers.ContactByID(ctx, conv.ContactID)
	if err != nil {
		return false, err
	}
	phone, known := contact.Phone()
	if !known && contact.CustomerID != nil { // the channel tells no number, the customer has one
		customer, err := c.Customers.Customer(ctx, *contact.CustomerID)
		if err != nil {
			return false, err
		}
		if customer.Phone != nil {
			phone, known = *customer.Phone, true
		}
	}
	return !known || !slices.Contains(c.Pilot, phone), nil
}

// leaveToStaff says nothing to a message for a person, and keeps what holds whoever has the conversation:
// consent, and the language, which receipts go on in (R-212, rule 5).
func (c *Clerk) leaveToStaff(ctx context.Context, conv models.Conversation, r reading) (models.Conversation, error) {
	if err := c.noteConsent(ctx, conv.ContactID, r.meaning); err != nil {
		return conv, err
	}
	conv.Language = r.meaning.Language
	if known := r.person.Customer; known != nil && known.Language != conv.Language {
		if _, err := c.Customers.SetLanguage(ctx, known.ID, conv.Language); err != nil {
			return conv, err
		}
	}
	return c.Thread.Save(ctx, conv, ids(r.messages)...)
}

// noteConsent keeps what a customer says of it to a person: STOP holds whoever has the conversation.
func (c *Clerk) noteConsent(ctx context.Context, contactID models.ID, m understand.Meaning) error {
	d := &dialogue{}
	d.consent(m)
	for _, a := range d.out {
		if set, ok := a.(SetConsent); ok {
			return c.setConsent(ctx, contactID, set.Consent)
		}
	}
	return nil
}

// setConsent keeps a customer's word where sending asks for it, and beside what else they agreed to (R-1001, R-1003).
func (c *Clerk) setConsent(ctx context.Context, contactID models.ID, said models.Consent) error {
	if err := c.Customers.SetConsent(ctx, contactID, said); err != nil || c.Privacy == nil {
		return err
	}
	contact, err := c.Customers.ContactByID(ctx, contactID)
	if err != nil {
		return err
	}
	r := privacy.ConsentRecord{Purpose: models.PurposeNews, Granted: said == models.ConsentGiven, Channel: models.ConsentByWhatsApp, Verified: true}
	if contact.CustomerID != nil {
		r.Customer = *contact.CustomerID
	}
	phone, known := contact.Phone()
	if r.Phone = phone; !known && contact.CustomerID == nil {
		return nil // nobody whose word it could be kept as; the contact has it
	}
	_, err = c.Privacy.Consent(ctx, r)
	return err
}

// onlyConsent ends a turn that said STOP or START and nothing else. After STOP nothing more is asked; what was
// wanted is remembered, and a hold stands.
func (d *dialogue) onlyConsent(m understand.Meaning) bool {
	if !m.Intents.Only(understand.Stop, understand.Start, understand.SwitchLanguage, understand.Thanks, understand.No) ||
		!m.Intents.Has(understand.Stop, understand.Start) || len(m.FAQs) > 0 || d.saysMore(m) {
		return false
	}
	switch {
	case m.Intents.Has(understand.Start):
		d.repeat()
	case d.f.Hold != nil && d.s.Stage == StagePaying:
		d.waiting()
	case d.f.Customer == nil:
		d.remark()
	default:
		d.leaveChange()
		if d.s.Stage != StagePaying {
			d.s.Stage = StageOpen
			d.s.clearOffer()
		}
		d.remark()
	}
	return true
}

// renames takes "my name is actually …" of somebody who has a name here, and tells whether that was
// all the message said.
func (d *dialogue) renames(m understand.Meaning) bool {
	if d.f.Customer == nil || !m.Intents.Has(understand.NameCorrection) {
		return false
	}
	if m.Name == nil || m.Name.Given+m.Name.Family == "" {
		d.s.Renaming = true
		d.remark(say("controls.name.ask", nil))
		return true
	}
	d.rename(*m.Name)
	if len(m.FAQs) > 0 || d.saysMore(m) || !m.Intents.Only(understand.NameCorrection, understand.No, understand.Greeting, understand.Correction, understand.Thanks) {
		return false
	}
	d.reask()
	return true
}

// renamed takes the name that was asked for, whatever else is open.
func (d *dialogue) renamed(m understand.Meaning) bool {
	if !d.s.Renaming || d.f.Customer == nil {
		return false
	}
	d.s.Renaming = false
	if m.Name == nil || m.Name.Given+m.Name.Family == "" {
		return false
	}
	d.rename(*m.Name)
	d.reask()
	return true
}

func (d *dialogue) rename(name understand.PersonName) {
	d.do(Rename{name.Given, name.Family})
	customer := *d.f.Customer
	if name.Given != "" {
		customer.Name = name.Given
	}
	if name.Family != "" {
		customer.Surname = name.Family
	}
	d.f.Customer = &customer
	d.lead(say("controls.name.done", i18n.Facts{"Name": customer.FullName()}))
}

// reask comes back to the open question; where none is open what was to be said is all.
func (d *dialogue) reask() {
	if d.s.Stage == StageOpen {
		d.remark()
		return
	}
	if d.s.Stage == StageSurname && d.s.Chosen != nil && !d.surnameMissing() {
		d.hold(*d.s.Chosen)
		return
	}
	d.repeat()
}

// clearly is how many words of another language it takes to leave the one that was asked for.
const clearly = 3

// keepTongue reads a message in the language that the customer asked for, until they write clearly in another
// a name, or a "sí", is not that.
func (s State) keepTongue(m understand.Meaning, text string) understand.Meaning {
	switch {
	case s.Tongue == "" || m.Language == s.Tongue || m.Intents.Has(understand.SwitchLanguage):
	case m.LanguageSure && wordsIn(text) >= clearly:
	default:
		m.Language, m.LanguageSure = s.Tongue, false
	}
	return m
}

// speak keeps the language asked for, and lets it go once the customer has left it.
func (s *State) speak(m understand.Meaning) {
	switch {
	case m.Intents.Has(understand.SwitchLanguage):
		s.Tongue = m.Language
	case m.Language != s.Tongue:
		s.Tongue = ""
	}
}

func wordsIn(text string) (n int) {
	for _, word := range strings.Fields(text) {
		if strings.ContainsFunc(word, unicode.IsLetter) {
			n++
		}
	}
	return n
}

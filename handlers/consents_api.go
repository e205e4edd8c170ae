package handlers

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/privacy"
	"frontdesk/internal/shop"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

type consentIn struct {
	Shopping
	Body struct {
		Phone   string `json:"phone" minLength:"4" maxLength:"40" example:"+447700900123"`
		Granted bool   `json:"granted" example:"true" doc:"false: no longer"`
		Channel string `json:"channel,omitempty" enum:"whatsapp,web,phone,salon" example:"web" doc:"By which road it was said; whatsapp when nothing is said of it"`
		Text    string `json:"policyText,omitempty" maxLength:"4000" example:"I have read the privacy notice." doc:"The words that were agreed to"`
		Version string `json:"policyVersion,omitempty" maxLength:"40" example:"2026-10" doc:"Of the privacy notice; the one in force when nothing is said of it"`
	}
}

type consentOut struct {
	Body struct {
		OK         bool       `json:"ok" example:"true"`
		ID         models.ID  `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c19"`
		CustomerID *models.ID `json:"customerId" nullable:"true" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18" doc:"null while nobody has proved that the phone is theirs"`
	}
}

// recordConsent writes a word about consent down (R-1001): a visitor's own, unverified until the phone is proved, or one that
// staff heard. It makes no customer and tells of none.
func (s *Server) recordConsent(c *fiber.Ctx, in *consentIn) (*consentOut, error) {
	r := privacy.ConsentRecord{
		Phone: in.Body.Phone, Granted: in.Body.Granted, Channel: models.ConsentChannel(in.Body.Channel),
		PolicyText: in.Body.Text, PolicyVersion: in.Body.Version,
	}
	v, isStaff, err := s.alsoStaff(c, right{staff.Privacy, staff.ToAct}, right{staff.Conversations, staff.ToAct})
	if err != nil {
		return nil, err
	}
	if isStaff {
		r.Actor, r.Verified = v.Actor(), true
	} else if err := s.ownConsent(c, &r); err != nil {
		return nil, err
	}
	row, err := s.Privacy.Consent(c.UserContext(), r)
	if err != nil {
		return nil, err
	}
	out := &consentOut{}
	out.Body.OK, out.Body.ID = true, row.ID
	if isStaff || row.VerifiedAt != nil {
		out.Body.CustomerID = row.CustomerID
	}
	return out, nil
}

// ownConsent says that a word is the visitor's, and whether the phone is known to be theirs.
func (s *Server) ownConsent(c *fiber.Ctx, r *privacy.ConsentRecord) error {
	if err := s.Privacy.Check(*r); err != nil { // what cannot be written opens no session
		return err
	}
	token, err := s.tokenOrNew(c)
	if err != nil {
		return err
	}
	session, err := s.Shop.SessionOf(c.UserContext(), token)
	if err != nil {
		return err
	}
	r.Session = session.ID
	if session.Owner.Guest() {
		return nil
	}
	own, err := s.Privacy.Owns(c.UserContext(), session.Owner.Customer, r.Phone)
	if own {
		r.Customer, r.Verified = session.Owner.Customer, true
	}
	return err
}

type consentsIn struct {
	Shopping
	Phone string `path:"phone" maxLength:"60" example:"+447700900123"`
}

type consentsOut struct {
	Body struct {
		OK       bool           `json:"ok" example:"true"`
		Consents []consentEntry `json:"consents" nullable:"false"`
	}
}

// consentEntry is one word about consent.
type consentEntry struct {
	ID         models.ID  `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c19"`
	CreatedAt  time.Time  `json:"createdAt" example:"2026-10-09T08:00:00Z"`
	CustomerID *models.ID `json:"customerId" nullable:"true" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18" doc:"null while nobody has proved that the phone is theirs"`
	Granted    bool       `json:"granted" example:"true"`
	Channel    string     `json:"channel" enum:"whatsapp,web,phone,salon" example:"web"`
	Text       string     `json:"policyText,omitempty" example:"I have read the privacy notice."`
	Version    string     `json:"policyVersion,omitempty" example:"2026-10"`
	Purpose    string     `json:"purpose" enum:"privacy,news" example:"privacy" doc:"news: that the salon writes unasked"`
	Verified   bool       `json:"verified" example:"true" doc:"Whether it is known to be the word of the phone's owner"`
}

// listConsents tells what was said about a phone to who may know it; a stranger learns nothing, not even whether there is
// anything (R-1002).
func (s *Server) listConsents(c *fiber.Ctx, in *consentsIn) (*consentsOut, error) {
	phone, err := url.PathUnescape(in.Phone)
	if err != nil {
		return nil, fault.Invalid("error.validation", map[string]string{"phone": "format"})
	}
	_, isStaff, err := s.alsoStaff(c, right{staff.Privacy, staff.ToRead}, right{staff.Conversations, staff.ToRead})
	if err != nil {
		return nil, err
	}
	reader := privacy.Reader{Staff: isStaff}
	if !isStaff {
		session, err := s.visitorSession(c)
		if err != nil {
			return nil, err
		}
		reader.Session, reader.Customer = session.ID, session.Owner.Customer
	}
	rows, err := s.Privacy.Consents(c.UserContext(), phone, reader)
	if err != nil {
		return nil, err
	}
	out := &consentsOut{}
	out.Body.OK, out.Body.Consents = true, []consentEntry{}
	for _, row := range rows {
		out.Body.Consents = append(out.Body.Consents, consentEntry{
			ID: row.ID, CreatedAt: row.CreatedAt, CustomerID: row.CustomerID, Granted: row.Granted, Channel: string(row.Channel),
			Text: row.PolicyText, Version: row.PolicyVersion, Purpose: string(row.Purpose), Verified: row.VerifiedAt != nil,
		})
	}
	return out, nil
}

// visitorSession is the visitor's session in the shop; an empty one when there is none.
func (s *Server) visitorSession(c *fiber.Ctx) (shop.Session, error) {
	session, err := s.Shop.SessionOf(c.UserContext(), s.shopperToken(c))
	if fault.Is(err, "shop.no_session") {
		return shop.Session{}, nil
	}
	return session, err
}

// right is what a role may do in a room.
type right struct {
	room staff.Room
	act  staff.Act
}

// alsoStaff tells whether the caller of a visitor's route is staff with one of these rights. A token that is wrong is
// never taken for a visitor's, nor is one whose role may not do this; a person of the salon who looks at the shop in their
// browser is a visitor, unless the request shows that the console made it.
func (s *Server) alsoStaff(c *fiber.Ctx, rights ...right) (Visitor, bool, error) {
	shown := s.credentialsOf(c, Access{})
	if shown.admin == "" && !shown.byToken && shown.session == "" {
		return Visitor{}, false, nil
	}
	v, ok, err := s.identify(c.UserContext(), shown)
	if err != nil {
		return v, false, err
	}
	bySession := v.Session.ID != ""
	switch {
	case !ok && byToken(c):
		return v, false, fault.Unauthorized("error.unauthorized")
	case !ok, bySession && !safe(c.Method()) && !sameSecret(formToken(c), v.Session.CSRF):
		return v, false, nil
	}
	for _, r := range rights {
		if _, may := s.Staff.Can(v.Role, r.room, r.act); may {
			return v, true, nil
		}
	}
	if bySession {
		return v, false, nil
	}
	return v, false, fault.Forbidden("error.forbidden")
}

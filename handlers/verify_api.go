package handlers

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/customers"
	"frontdesk/internal/i18n"
	"frontdesk/internal/identity"
	"frontdesk/models"
)

// identityAPI is who a visitor is, and what they agree to, under a prefix.
func (s *Server) identityAPI(under string) []Route {
	own := shopper().per(lookups)
	start := fails{400: {"validation"}, 429: {"rate_limited"}, 503: {"unavailable"}}
	complete := fails{400: {"validation", "wrong_code"}, 429: {"rate_limited"}, 503: {"unavailable"}}
	write := fails{400: {"validation"}, 401: {"unauthorized"}, 403: {"forbidden"}, 429: {"rate_limited"}, 503: {"unavailable"}}
	return []Route{
		operation(s, Route{post, under + "/session/verify/start", own, nil, "Sends a code to a phone by WhatsApp; the answer is the same for every phone"}, 202, start, s.startVerify),
		operation(s, Route{post, under + "/session/verify/complete", own, nil, "Takes the code: the session becomes that of the phone's customer, the guest's cart goes into theirs"}, 200, complete, s.completeVerify),
		operation(s, Route{post, under + "/consents", own, nil, "Writes down what somebody agrees to, or no longer does; each time a record of its own"}, 200, write, s.recordConsent),
		operation(s, Route{get, under + "/consents/:phone", own, nil, "What was said about a phone, newest first, as far as the caller may know it"}, 200, write, s.listConsents),
	}
}

type startIn struct {
	Shopping
	Body struct {
		Phone string `json:"phone" minLength:"4" maxLength:"40" example:"+447700900123" doc:"International; with or without +"`
	}
}

type startOut struct {
	Body struct {
		OK      bool `json:"ok" example:"true"`
		Seconds int  `json:"expiresInSeconds" example:"600" doc:"How long the code holds"`
	}
}

// startVerify sends a code. It says nothing about the phone: whoever is behind it, known or not, gets one.
func (s *Server) startVerify(c *fiber.Ctx, in *startIn) (*startOut, error) {
	holds, err := s.sendCode(c, in.Body.Phone)
	if err != nil {
		return nil, err
	}
	out := &startOut{}
	out.Body.OK, out.Body.Seconds = true, int(holds/time.Second)
	return out, nil
}

// sendCode sends a code to a phone, in figures of any script, for the visitor's session, opened where there is none. What is
// no phone opens none.
func (s *Server) sendCode(c *fiber.Ctx, phone string) (time.Duration, error) {
	phone = western(phone)
	if _, err := customers.Normalize(phone); err != nil {
		return 0, err
	}
	token, err := s.tokenOrNew(c)
	if err != nil {
		return 0, err
	}
	ask := identity.Ask{Token: token, Phone: phone, Language: i18n.From(c.UserContext()).Language}
	if address := s.caller(c); !s.allowed(address) {
		ask.Address = address
	}
	return s.Identity.Start(c.UserContext(), ask)
}

type completeIn struct {
	Shopping
	Body struct {
		Phone string `json:"phone" minLength:"4" maxLength:"40" example:"+447700900123"`
		Code  string `json:"code" minLength:"1" maxLength:"20" example:"493027" doc:"Six digits"`
	}
}

type completeOut struct {
	Body struct {
		OK       bool       `json:"ok" example:"true"`
		Customer whom       `json:"customer"`
		Cuts     []cutEntry `json:"cuts" nullable:"false" doc:"What of the guest's cart did not fit into the customer's"`
	}
}

// whom is the customer a visitor proved to be.
type whom struct {
	ID   models.ID `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18"`
	Name string    `json:"name" example:"Lena" doc:"The first name; empty while nobody has said it"`
}

type cutEntry struct {
	SKU    string `json:"sku" example:"SERUM-50"`
	Name   string `json:"name" example:"Repair serum"`
	Wanted int    `json:"wanted" example:"5" doc:"In both carts together"`
	Kept   int    `json:"kept" example:"3"`
	Why    string `json:"why" enum:"not_sold,currency,lines,most,stock" example:"stock"`
}

// completeVerify takes a code. The session goes on under a new token.
func (s *Server) completeVerify(c *fiber.Ctx, in *completeIn) (*completeOut, error) {
	known, err := s.proveCode(c, in.Body.Phone, in.Body.Code)
	if err != nil {
		return nil, err
	}
	out := &completeOut{}
	out.Body.OK, out.Body.Customer, out.Body.Cuts = true, whom{known.Customer.ID, known.Customer.Name}, []cutEntry{}
	for _, cut := range known.Cuts {
		name := cut.Names.In(i18n.From(c.UserContext()).Language)
		out.Body.Cuts = append(out.Body.Cuts, cutEntry{cut.SKU, name, cut.Wanted, cut.Kept, string(cut.Why)})
	}
	return out, nil
}

// proveCode takes a code from the visitor, in figures of any script, and gives their browser the session's new token.
func (s *Server) proveCode(c *fiber.Ctx, phone, code string) (identity.Known, error) {
	known, err := s.Identity.Complete(c.UserContext(), identity.Answer{Token: s.shopperToken(c), Phone: western(phone), Code: western(strings.TrimSpace(code))})
	if err == nil {
		s.giveToken(c, known.Token)
	}
	return known, err
}

package handlers

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

// Looking up an order: whoever names a phone number and an order number that belong together sees the order
// without its address. Both must match, there is one answer for everything that does not, and it costs
// the same. After a few misses, of an address, of a number or about an order, a little sum is asked before each
// further try: it needs no script, no picture and nobody else's service.

// Limits of looking up.
const (
	lookupTries    = 10 // a minute, of an address, a number, or about an order
	lookupMisses   = 3  // before a sum is asked
	lookupWindow   = 15 * time.Minute
	lookupLife     = 30 * time.Minute // of a ticket to one order
	challengeLife  = 10 * time.Minute
	challengeBytes = 10 // eight that are nobody else's, and the two figures
	maxOrderNumber = 40
	maxPhone       = 30
)

// What tickets are for.
const (
	useLookup    = "lookup"
	useChallenge = "challenge"
)

const challengeKey = "lookup.challenge_required"

// lookup is what somebody asks for, and the answer to the sum if one was asked.
type lookup struct {
	phone, order   string
	ticket, answer string
}

// lookUp is seek, kept for the figures with how it went; who asks too often is not. What cannot be kept keeps nobody from
// their order.
func (s *Server) lookUp(c *fiber.Ctx, by funnel.Channel, asked lookup) (models.Order, string, error) {
	order, ticket, err := s.seek(c, asked)
	outcome, reason := funnel.Success, ""
	if err != nil {
		f := asFault(err)
		if f.Kind == fault.KindTooMany {
			return order, ticket, err
		}
		outcome, reason = funnel.Fail, code(f)
	}
	if kept := s.Funnel.Lookup(c.UserContext(), by, i18n.From(c.UserContext()).Language, outcome, reason); kept != nil {
		s.Log.LogAttrs(c.UserContext(), slog.LevelWarn, "lookup not counted", slog.Any("err", kept))
	}
	return order, ticket, err
}

// seek finds the order, and makes a ticket that opens it for a while. Faults: error.validation (phone,
// orderId), lookup.not_found, lookup.challenge_required, error.rate_limited.
func (s *Server) seek(c *fiber.Ctx, asked lookup) (models.Order, string, error) {
	phone, number, err := asked.read()
	if err != nil {
		return models.Order{}, "", err
	}
	by := []string{"phone:" + s.tickets.digest(phone), "order:" + s.tickets.digest(number)}
	if from := s.caller(c); !s.allowed(from) {
		by = append(by, "address:"+redisstore.ByAddress(from))
	}
	var tries, misses []redisstore.Bucket
	for _, name := range by {
		tries = append(tries, perMinute("lookup:"+name, lookupTries))
		misses = append(misses, redisstore.Bucket{Name: "lookup-miss:" + name, Most: lookupMisses, Window: lookupWindow})
	}
	if err := s.count(c, tries...); err != nil {
		return models.Order{}, "", err
	}
	counted := false
	if !s.answered(c, asked) {
		if wait := s.limits.Take(c.UserContext(), misses...); wait > 0 { // counted before it is known; given back when it was none
			return models.Order{}, "", s.challenge(c)
		}
		counted = true
	}
	order, err := s.Till.LookupOrder(c.UserContext(), phone, number)
	missed := err != nil && asFault(err).Kind == fault.KindNotFound
	if counted && !missed {
		if err := s.Redis.GiveBack(c.UserContext(), misses...); err != nil {
			s.Log.LogAttrs(c.UserContext(), slog.LevelWarn, "lookup stays counted", slog.Any("err", err))
		}
	}
	if missed {
		return models.Order{}, "", fault.NotFound("lookup.not_found")
	}
	if err != nil {
		return models.Order{}, "", err
	}
	return order, s.tickets.sign(useLookup, order.ID[:], lookupLife), nil
}

// read is what was asked in the form it is looked for: E.164, and the number without what people type around
// it. Both are judged, so that both can be mended at once.
func (l lookup) read() (phone, number string, err error) {
	wrong := map[string]string{}
	phone, err = customers.Normalize(western(l.phone))
	var f *fault.Fault
	switch {
	case strings.TrimSpace(l.phone) == "":
		wrong["phone"] = "lookup.phone_missing"
	case errors.As(err, &f) || utf8.RuneCountInString(l.phone) > maxPhone:
		wrong["phone"] = "customers.phone"
	}
	number = strings.ToUpper(western(oneLine(l.order)))
	switch {
	case number == "":
		wrong["orderId"] = "lookup.order_missing"
	case utf8.RuneCountInString(number) > maxOrderNumber:
		wrong["orderId"] = "lookup.order_long"
	}
	if len(wrong) > 0 {
		return "", "", fault.Invalid("error.validation", wrong)
	}
	return phone, number, nil
}

// challenge asks for a sum; who knows it asks again with the ticket.
func (s *Server) challenge(c *fiber.Ctx) error {
	var says [challengeBytes]byte
	rand.Read(says[:]) //nolint:errcheck // never fails: the runtime stops the program instead
	a, b := figures(says[:])
	question := i18n.T(c.UserContext(), "lookup.question", "First", strconv.Itoa(a), "Second", strconv.Itoa(b))
	return &fault.Fault{Kind: fault.KindForbidden, Key: challengeKey, Facts: map[string]any{
		"Question": question, "Ticket": s.tickets.sign(useChallenge, says[:], challengeLife),
	}}
}

// answered tells whether a sum was answered that we asked, in time and for the first time.
func (s *Server) answered(c *fiber.Ctx, asked lookup) bool {
	says, good := s.tickets.read(useChallenge, asked.ticket, challengeBytes)
	if !good {
		return false
	}
	a, b := figures(says)
	if n, is := atoi(western(asked.answer)); !is || n != a+b {
		return false
	}
	once := redisstore.Bucket{Name: "lookup-answer:" + s.tickets.digest(string(says)), Most: 1, Window: challengeLife}
	return s.limits.Take(c.UserContext(), once) == 0
}

// figures are the two figures of a sum, from 2 to 9.
func figures(says []byte) (a, b int) {
	return 2 + int(says[challengeBytes-2])%8, 2 + int(says[challengeBytes-1])%8
}

// ticketOrder is the order that a ticket opens.
func (s *Server) ticketOrder(ticket string) (id models.ID, good bool) {
	says, good := s.tickets.read(useLookup, ticket, len(id))
	if good {
		copy(id[:], says)
	}
	return id, good
}

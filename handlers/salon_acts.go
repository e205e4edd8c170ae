package handlers

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// maxForName is how long the name of whoever comes may be, in runes.
const maxForName = 120

// salonBooking is the body of a booking. The customer is somebody on file (customerId), or a name and a
// phone; a phone that is known means its customer.
type salonBooking struct {
	CustomerID     *models.ID      `json:"customerId"`
	Name           string          `json:"name"`
	Surname        string          `json:"surname"`
	Phone          string          `json:"phone"`
	Language       models.Language `json:"language"`
	ForName        string          `json:"forName"`
	Services       []string        `json:"services"`
	Pack           string          `json:"pack"`
	Stylist        string          `json:"stylist"`
	StartsAt       time.Time       `json:"startsAt"`
	WithoutDeposit bool            `json:"withoutDeposit"` // confirms at once; needs a reason
	Reason         string          `json:"reason"`
}

// salonBook holds a time, or confirms it where nothing is to be paid ahead.
func (s *Server) salonBook(c *fiber.Ctx) error {
	var in salonBooking
	if err := readJSON(c, &in); err != nil {
		return err
	}
	ctx := c.UserContext()
	o, err := s.readOrder(ctx, in.Services, in.Pack, in.Stylist)
	if err != nil {
		return err
	}
	in.Name, in.Surname, in.ForName = oneLine(in.Name), oneLine(in.Surname), oneLine(in.ForName)
	in.check(o)
	if err := o.fault(); err != nil {
		return err
	}
	v, _ := VisitorOf(ctx)
	r := checkout.BookRequest{
		CustomerID: in.CustomerID, Name: in.Name, Surname: in.Surname, Phone: in.Phone, Language: in.Language, ForName: in.ForName,
		StylistID: o.stylist.ID, ServiceIDs: o.ids(), StartsAt: in.StartsAt, WithoutDeposit: in.WithoutDeposit,
		Actor: v.Actor(), Own: ownOf(v), Reason: in.Reason,
	}
	if o.pack != nil {
		r.PackID = &o.pack.ID
	}
	made, err := s.Till.Book(ctx, r)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(salonResult(made))
}

// check notes what a booking lacks besides what it is of.
func (in salonBooking) check(o order) {
	if in.Stylist == "" && o.stylist == nil {
		o.wrong["stylist"] = "required"
	}
	if in.StartsAt.IsZero() {
		o.wrong["startsAt"] = "required"
	}
	if in.CustomerID == nil && in.Phone == "" {
		o.wrong["phone"] = "required"
	}
	if in.Name != "" && !strings.ContainsFunc(in.Name, unicode.IsLetter) {
		o.wrong["name"] = "letters"
	}
	if in.Language != "" && !slices.Contains(models.Languages(), in.Language) {
		o.wrong["language"] = "choice"
	}
	if utf8.RuneCountInString(in.ForName) > maxForName {
		o.wrong["forName"] = "too_long"
	}
}

// salonVisit is a visit as it stands.
func (s *Server) salonVisit(c *fiber.Ctx) error {
	visit, err := s.visitOf(c)
	if err != nil {
		return err
	}
	return c.JSON(salonResult(visit))
}

// visitOf reads the visit in the address, which must lie in a diary that the visitor may see.
func (s *Server) visitOf(c *fiber.Ctx) (models.Appointment, error) {
	id, err := idOf(c)
	if err != nil {
		return models.Appointment{}, err
	}
	visit, err := s.Diary.Appointment(c.UserContext(), id)
	if err != nil {
		return visit, err
	}
	v, _ := VisitorOf(c.UserContext())
	if booking.MayAct(ownOf(v), visit) != nil {
		return visit, fault.NotFound("booking.not_found")
	}
	return visit, nil
}

func salonResult(a models.Appointment) fiber.Map {
	return fiber.Map{"ok": true, "appointment": visitResult(a)}
}

// salonAct is what every act says. Version is the visit's as the script saw it: an act on a visit that
// has changed since is refused.
type salonAct struct {
	Version int64  `json:"version"`
	Reason  string `json:"reason"`
}

// actOn makes the act of a request on the visit in its address.
func (s *Server) actOn(c *fiber.Ctx, in salonAct) (models.Appointment, booking.Act, error) {
	visit, err := s.visitOf(c)
	if err != nil {
		return visit, booking.Act{}, err
	}
	if in.Version < 1 {
		return visit, booking.Act{}, fault.Invalid("error.validation", map[string]string{"version": "required"})
	}
	v, _ := VisitorOf(c.UserContext())
	return visit, booking.Act{ID: visit.ID, Version: in.Version, Actor: v.Actor(), Own: ownOf(v), Reason: in.Reason}, nil
}

// simply answers an act that takes nothing but a version and a reason.
func (s *Server) simply(c *fiber.Ctx, do func(context.Context, booking.Act) (models.Appointment, error)) error {
	var in salonAct
	if err := readJSON(c, &in); err != nil {
		return err
	}
	_, act, err := s.actOn(c, in)
	if err != nil {
		return err
	}
	after, err := do(c.UserContext(), act)
	if err != nil {
		return err
	}
	return c.JSON(salonResult(after))
}

func (s *Server) salonConfirm(c *fiber.Ctx) error { return s.simply(c, s.Diary.ConfirmWithoutDeposit) }

func (s *Server) salonRelease(c *fiber.Ctx) error { return s.simply(c, s.Diary.LetGo) }

// salonMove moves a visit; what is not said stays as it is.
func (s *Server) salonMove(c *fiber.Ctx) error {
	var in struct {
		salonAct
		Stylist  string    `json:"stylist"`
		StartsAt time.Time `json:"startsAt"`
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	ctx := c.UserContext()
	visit, act, err := s.actOn(c, in.salonAct)
	if err != nil {
		return err
	}
	r := booking.MoveRequest{Act: act, StylistID: visit.StylistID, StartsAt: in.StartsAt}
	if in.StartsAt.IsZero() {
		r.StartsAt = visit.StartsAt
	}
	if in.Stylist != "" {
		st, err := s.stylistNamed(ctx, in.Stylist)
		if err != nil {
			return err
		}
		r.StylistID = st.ID
	}
	after, err := s.Diary.Move(ctx, r)
	if err != nil {
		return err
	}
	return c.JSON(salonResult(after))
}

// salonCancel cancels a visit or a hold by the policy, or by what staff decide of the deposit.
func (s *Server) salonCancel(c *fiber.Ctx) error {
	var in struct {
		salonAct
		Refund checkout.RefundChoice `json:"refund"`
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	_, act, err := s.actOn(c, in.salonAct)
	if err != nil {
		return err
	}
	after, err := s.Till.Cancel(c.UserContext(), checkout.CancelRequest{Act: act, Refund: in.Refund})
	if err != nil {
		return err
	}
	return c.JSON(salonResult(after))
}

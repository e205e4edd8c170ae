package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/models"
	"frontdesk/views/ui"
)

// Pages of booking a visit: one question each. What was answered travels in the form, never in an
// address: it names a person.
const (
	stepWho   = "who"
	stepWhat  = "what"
	stepWhen  = "when"
	stepBook  = "book"
	newPerson = "new"
)

// draft is a booking as far as it has come.
type draft struct {
	*form
	q        diaryQuery
	step     string // the page that was answered; a program answers them all at once
	known    *models.Customer
	name     string
	surname  string
	phone    string // as typed
	language models.Language
	isNew    bool // somebody the salon does not know
	find     string
	pack     *models.Pack
	services []models.Service
	at       *place // nil: not chosen yet
	without  bool   // no deposit is asked for
	reason   string
}

func bookReasons() []string { return []string{"regular", "paid_at_salon", "link_broken", "other"} }

// askBooking is the first page; a tapped free time comes along in the address.
func (s *Server) askBooking(c *fiber.Ctx) error {
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	d := &draft{form: s.form(c, "diary.field"), q: q}
	if minute, err := time.Parse("15:04", c.Query("time")); err == nil {
		if st, ok := q.stylistByCode(c.Query("stylist")); ok {
			d.at = &place{st, wallTime(q.day, minuteOf(minute))}
		}
	}
	return s.showWho(c, d, nil, false)
}

// book reads one page's answer and shows the next one, or books.
func (s *Server) book(c *fiber.Ctx) error {
	q, err := s.askDiary(c)
	if err != nil {
		return err
	}
	d, err := s.readDraft(c, q)
	if err != nil {
		return err
	}
	switch {
	case d.step == stepBook && d.known == nil && d.name == "":
		return s.askForTheRest(c, d)
	case d.step == stepWho && len(d.wrong) == 0 && d.find != "":
		return s.findPeople(c, d)
	case d.step == stepWho:
		return s.whoIsIt(c, d)
	case d.step == stepWhat && d.Valid() && d.at == nil:
		return s.showWhen(c, d, "")
	case d.step != stepBook && d.Valid():
		return s.checkBooking(c, d)
	case !d.Valid():
		return s.askForTheRest(c, d)
	default:
		return s.doBook(c, d)
	}
}

// askForTheRest shows the first page whose question is still open.
func (s *Server) askForTheRest(c *fiber.Ctx, d *draft) error {
	switch {
	case d.known == nil && d.name == "":
		d.Wrong("customer", "console.form.choose")
		return s.showWho(c, d, nil, false)
	case d.pack == nil && len(d.services) == 0:
		return s.showWhat(c, d)
	case d.at == nil:
		return s.showWhen(c, d, "")
	default:
		return s.showCheck(c, d)
	}
}

// whoIsIt goes on once it is known whom the visit is for.
func (s *Server) whoIsIt(c *fiber.Ctx, d *draft) error {
	asNew := d.isNew || d.name != "" || d.phone != ""
	switch {
	case !d.Valid() || d.known == nil && d.isNew && d.name == "":
		return s.showWho(c, d, nil, asNew)
	case d.known == nil && d.name == "":
		d.Wrong("find", "console.form.missing")
		return s.showWho(c, d, nil, false)
	default:
		return s.showWhat(c, d)
	}
}

// readDraft reads every answer given so far, and notes what the answered page lacks.
func (s *Server) readDraft(c *fiber.Ctx, q diaryQuery) (*draft, error) {
	d := &draft{form: s.form(c, "diary.field"), q: q}
	d.step = d.OptionalChoice("step", stepWho, stepWhat, stepWhen, stepBook)
	if d.step == "" {
		d.step = stepBook
	}
	if err := s.readWho(c.UserContext(), d); err != nil {
		return nil, err
	}
	d.readWhat()
	d.readWhen()
	d.without = d.OptionalChoice("outcome", outcomeLink, outcomeWithout) == outcomeWithout
	d.reason = d.why(bookReasons(), d.without)
	return d, nil
}

// readWho reads whom the visit is for: somebody found, or somebody new. Who keeps to their own diary
// names people by their phone alone.
func (s *Server) readWho(ctx context.Context, d *draft) error {
	d.find = d.OptionalText("find", 60)
	chosen := d.OptionalText("customer", 40)
	d.name, d.surname = d.OptionalText("name", 60), d.OptionalText("surname", 60)
	d.phone, d.language = d.OptionalText("phone", 24), d.OptionalChoice("language", models.Languages()...)
	d.isNew = chosen == newPerson
	var err error
	switch {
	case d.isNew || ownOf(d.q.visitor) != nil:
	case chosen != "":
		d.known, err = s.knownCustomer(ctx, d.form, chosen)
	}
	if err != nil || d.known != nil || d.phone == "" && d.name == "" {
		return err
	}
	if d.name != "" && d.phone == "" || d.phone != "" && !d.knowsPhone() {
		d.Wrong("phone", "customers.phone")
		return nil
	}
	who, found, err := s.People.ByPhone(ctx, d.phone)
	if found {
		d.known = &who
	}
	if err == nil && !found && d.name == "" && d.step != stepWho {
		d.Wrong("name", "console.form.missing")
	}
	return err
}

func (d *draft) knowsPhone() bool {
	_, err := customers.Normalize(d.phone)
	return err == nil
}

func (s *Server) knownCustomer(ctx context.Context, f *form, chosen string) (*models.Customer, error) {
	var id models.ID
	if id.UnmarshalText([]byte(chosen)) != nil {
		f.Wrong("customer", "console.form.choice")
		return nil, nil
	}
	who, err := s.People.Customer(ctx, id)
	if fault.Is(err, "customers.no_customer") {
		f.Wrong("customer", "console.form.choice")
		return nil, nil
	}
	return &who, err
}

// readWhat reads what will be done: a pack, or services of one kind.
func (d *draft) readWhat() {
	codes := make([]string, len(d.q.menu.Services))
	for i, service := range d.q.menu.Services {
		codes[i] = service.Code
	}
	for _, code := range d.Choices("service", codes...) {
		if service, ok := d.q.menu.Service(code); ok {
			d.services = append(d.services, service)
		}
	}
	if code := d.OptionalText("pack", 40); code != "" {
		if pack, ok := d.q.menu.Pack(code); ok {
			d.pack = &pack
		} else {
			d.Wrong("pack", "console.form.choice")
		}
	}
	if d.step == stepWho {
		return
	}
	switch {
	case d.pack == nil && len(d.services) == 0:
		d.Wrong("service", "diary.book.choose_service")
	case d.pack != nil && len(d.services) > 0:
		d.Wrong("pack", "diary.book.pack_or_services")
	case slices.ContainsFunc(d.services, func(o models.Service) bool { return o.Category != d.services[0].Category }):
		d.Wrong("service", "booking.mixed_categories")
	}
}

// readWhen reads the time: of a button, or typed.
func (d *draft) readWhen() {
	pick, code := d.OptionalText("pick", 60), d.OptionalText("stylist", 40)
	day, minute := d.OptionalDate("day", d.q.zone), d.OptionalClock("time")
	if pick != "" {
		to := d.q.picked(d.form, pick, place{})
		d.at = &to
		return
	}
	st, ok := d.q.stylistByCode(code)
	switch {
	case code != "" && !ok:
		d.Wrong("stylist", "console.form.choice")
	case ok && !day.IsZero() && minute != nil:
		d.at = &place{st, wallTime(day, *minute)}
	case d.step != stepWhen && d.step != stepBook:
	case day.IsZero():
		d.Wrong("day", "console.form.missing")
	case minute == nil:
		d.Wrong("time", "console.form.missing")
	default:
		d.Wrong("stylist", "console.form.choose")
	}
}

// category and minutes are of what was chosen.
func (d *draft) wanted() wanted {
	w := wanted{near: place{at: d.q.now}}
	if d.at != nil {
		w.near = *d.at
	} else if d.q.day.After(d.q.now) {
		w.near.at = d.q.day
	}
	if d.pack != nil {
		w.minutes, w.category = d.pack.Minutes, d.pack.Category
		return w
	}
	w.minutes, _ = booking.Total(d.services)
	w.category = d.services[0].Category
	return w
}

func (s *Server) doBook(c *fiber.Ctx, d *draft) error {
	r := checkout.BookRequest{
		Name: d.name, Surname: d.surname, Phone: d.phone, Language: d.language, StylistID: d.at.stylist.ID, StartsAt: d.at.at,
		WithoutDeposit: d.without, Actor: d.q.visitor.Actor(), Own: ownOf(d.q.visitor), Reason: d.reason,
	}
	if d.known != nil {
		r.CustomerID = &d.known.ID
	}
	if d.pack != nil {
		r.PackID = &d.pack.ID
	}
	for _, service := range d.services {
		r.ServiceIDs = append(r.ServiceIDs, service.ID)
	}
	made, err := s.Till.Book(c.UserContext(), r)
	if err != nil {
		way, known := booking.Obstacles(err)
		switch {
		case !d.Refused(err):
			return err
		case known:
			return s.showWhen(c, d, d.q.inTheWay(c.UserContext(), way))
		}
		return s.showCheck(c, d)
	}
	toast := "diary.book.done_link"
	if made.Status == models.Confirmed {
		toast = "diary.book.done"
	}
	return s.acted(c, acted{
		To: d.q.at(made), Toast: toast, Facts: []any{"Time", ui.Moment(c.UserContext(), made.StartsAt.In(d.q.zone))}, Result: visitResult(made),
	})
}

// checkBooking shows everything once more, unless something stands in the way.
func (s *Server) checkBooking(c *fiber.Ctx, d *draft) error {
	conflict, err := s.conflict(c.UserContext(), d.q, d.wanted(), nil)
	if err != nil {
		return err
	}
	if conflict != "" {
		return s.showWhen(c, d, conflict)
	}
	return s.showCheck(c, d)
}

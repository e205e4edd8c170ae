package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// maxNamed is how many services one question may name.
const maxNamed = 12

// salonOffer is a service or a pack as scripts read it.
type salonOffer struct {
	Code     string          `json:"code"`
	Category models.Category `json:"category"`
	Minutes  int             `json:"minutes"`
	Price    int64           `json:"price"` // minor units
	Currency string          `json:"currency"`
	Names    models.Text     `json:"names"`
	Services []string        `json:"services,omitempty"` // of a pack
}

type salonStylist struct {
	Code       string         `json:"code"`
	Names      models.Text    `json:"names"`
	Categories models.Strings `json:"categories"`
}

// salonMenu answers with the menu in force.
func (s *Server) salonMenu(c *fiber.Ctx) error {
	menu, err := s.Diary.Menu(c.UserContext())
	if err != nil {
		return err
	}
	services, packs, stylists := []salonOffer{}, []salonOffer{}, []salonStylist{}
	for _, o := range menu.Services {
		services = append(services, salonOffer{o.Code, o.Category, o.Minutes, o.PriceMinor, o.Currency, o.Names, nil})
	}
	for _, p := range menu.Packs {
		contents, ok := menu.Contents(p)
		if !ok {
			continue // not to be sold while a part of it is not
		}
		pack := salonOffer{p.Code, p.Category, p.Minutes, p.PriceMinor, p.Currency, p.Names, nil}
		for _, o := range contents {
			pack.Services = append(pack.Services, o.Code)
		}
		packs = append(packs, pack)
	}
	for _, st := range menu.Stylists {
		stylists = append(stylists, salonStylist{st.Code, st.Names, st.Categories})
	}
	return c.JSON(fiber.Map{"ok": true, "services": services, "packs": packs, "stylists": stylists})
}

// order is what a script wants to book, and with whom.
type order struct {
	menu     booking.Menu
	pack     *models.Pack
	services []models.Service
	stylist  *models.Stylist
	wrong    map[string]string
}

// readOrder finds what was named on today's menu; what is not on it stands in wrong. Who keeps to their
// own diary names nobody else's.
func (s *Server) readOrder(ctx context.Context, services []string, pack, stylist string) (order, error) {
	menu, err := s.Diary.Menu(ctx)
	o := order{menu: menu, wrong: map[string]string{}}
	if err != nil {
		return o, err
	}
	o.named(services, pack)
	v, _ := VisitorOf(ctx)
	own := ownOf(v)
	switch {
	case stylist != "":
		o.stylist = stylistIn(menu, stylist)
	case own != nil:
		if st, ok := menu.Stylist(*own); ok {
			o.stylist = &st
		}
	}
	if stylist != "" && o.stylist == nil {
		o.wrong["stylist"] = "unknown"
	}
	if own != nil && (o.stylist == nil || o.stylist.ID != *own) {
		return o, fault.Forbidden("booking.not_yours")
	}
	return o, nil
}

// stylistIn finds a stylist by code, in capitals or not; nil when nobody has it.
func stylistIn(menu booking.Menu, code string) *models.Stylist {
	for _, st := range menu.Stylists {
		if strings.EqualFold(st.Code, code) {
			return &st
		}
	}
	return nil
}

// stylistNamed is stylistIn on today's menu. Fault: error.validation.
func (s *Server) stylistNamed(ctx context.Context, code string) (models.Stylist, error) {
	menu, err := s.Diary.Menu(ctx)
	if err != nil {
		return models.Stylist{}, err
	}
	if st := stylistIn(menu, code); st != nil {
		return *st, nil
	}
	return models.Stylist{}, fault.Invalid("error.validation", map[string]string{"stylist": "unknown"})
}

// named finds the services or the pack.
func (o *order) named(services []string, pack string) {
	if p, ok := o.menu.Pack(strings.ToUpper(pack)); ok {
		o.pack = &p
	} else if pack != "" {
		o.wrong["pack"] = "unknown"
	}
	for _, code := range services {
		if service, ok := o.menu.Service(strings.ToUpper(code)); ok {
			o.services = append(o.services, service)
		} else {
			o.wrong["services"] = "unknown"
		}
	}
	switch {
	case len(services) > maxNamed:
		o.wrong["services"] = "too_many"
	case pack == "" && len(services) == 0:
		o.wrong["services"] = "required"
	case pack != "" && len(services) > 0:
		o.wrong["pack"] = "pack_or_services"
	case slices.ContainsFunc(o.services, func(other models.Service) bool { return other.Category != o.services[0].Category }):
		o.wrong["services"] = "mixed_categories"
	}
}

// fault names everything that was wrong at once; nil when nothing was.
func (o order) fault() error {
	if len(o.wrong) == 0 {
		return nil
	}
	return fault.Invalid("error.validation", o.wrong)
}

// length is how long it takes, and of which category it is. Only for an order without fault.
func (o order) length() (minutes int, category models.Category) {
	if o.pack != nil {
		return o.pack.Minutes, o.pack.Category
	}
	minutes, _ = booking.Total(o.services)
	return minutes, o.services[0].Category
}

func (o order) ids() []models.ID {
	var ids []models.ID
	for _, service := range o.services {
		ids = append(ids, service.ID)
	}
	return ids
}

type salonSlot struct {
	Stylist  string    `json:"stylist"`
	StartsAt time.Time `json:"startsAt"`
	EndsAt   time.Time `json:"endsAt"`
}

type salonDay struct {
	Date  string      `json:"date"`
	Slots []salonSlot `json:"slots"`
}

type salonClosure struct {
	Kind   models.BlockKind `json:"kind"`
	Reason models.Text      `json:"reason,omitempty"`
}

// salonAvailability offers what a customer would be offered on a day: ranked, at most as many as the
// policy allows. "after" and "before" bound the start, so that a script can ask on.
func (s *Server) salonAvailability(c *fiber.Ctx) error {
	ctx := c.UserContext()
	o, err := s.readOrder(ctx, listed(c.Query("service")), c.Query("pack"), c.Query("stylist"))
	if err != nil {
		return err
	}
	p, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	day, err := time.ParseInLocation(time.DateOnly, c.Query("date"), p.Zone())
	if err != nil {
		o.wrong["date"] = "date"
	}
	q := booking.SlotQuery{From: day, To: day.AddDate(0, 0, 1), NotBefore: o.clock(c, "after"), NotAfter: o.clock(c, "before")}
	if err := o.fault(); err != nil {
		return err
	}
	q.Minutes, q.Category = o.length()
	if o.stylist != nil {
		q.StylistID = &o.stylist.ID
	}
	found, err := s.Diary.FindSlots(ctx, q)
	if err != nil {
		return err
	}
	next := []salonDay{}
	for _, later := range found.Next {
		next = append(next, salonDay{later.Day.Format(time.DateOnly), o.slots(later.Slots)})
	}
	body := fiber.Map{
		"ok": true, "date": day.Format(time.DateOnly), "minutes": q.Minutes, "slots": o.slots(found.Slots), "total": found.Total, "next": next,
	}
	if found.Closed != nil {
		body["closed"] = salonClosure{found.Closed.Kind, found.Closed.Reason}
	}
	return c.JSON(body)
}

// clock reads a time of day out of the address, in minutes after midnight; nil when none is there.
func (o order) clock(c *fiber.Ctx, name string) *int {
	if c.Query(name) == "" {
		return nil
	}
	at, err := time.Parse("15:04", c.Query(name))
	if err != nil {
		o.wrong[name] = "time"
		return nil
	}
	minute := minuteOf(at)
	return &minute
}

func (o order) slots(found []booking.Slot) []salonSlot {
	out := []salonSlot{}
	for _, slot := range found {
		st, _ := o.menu.Stylist(slot.StylistID)
		out = append(out, salonSlot{st.Code, slot.Span.Start, slot.Span.End})
	}
	return out
}

// listed cuts "CUT,STYLE" into its parts.
func listed(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

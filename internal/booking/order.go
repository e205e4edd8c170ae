package booking

import (
	"slices"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// order is what a request amounts to on today's menu.
type order struct {
	services []models.Service // of the pack first, then what is booked beside it
	pack     *models.Pack
	beside   []models.Service
	category models.Category
	minutes  int
	minor    int64
	currency string
}

// order prices a request. Faults: booking.unknown_service for what is not on the menu,
// booking.mixed_categories (P.categories.mix).
func (m Menu) order(r HoldRequest) (order, error) {
	if r.PackID != nil {
		return m.packOrder(*r.PackID, r.ServiceIDs)
	}
	services, err := m.services(r.ServiceIDs)
	if err != nil {
		return order{}, err
	}
	first := services[0]
	for _, s := range services {
		if s.Category != first.Category {
			return order{}, fault.Conflict("booking.mixed_categories")
		}
	}
	length, minor := Total(services)
	return order{services: services, category: first.Category, minutes: length, minor: minor, currency: first.Currency}, nil
}

func (m Menu) packOrder(id models.ID, asked []models.ID) (order, error) {
	pack, ok := m.PackByID(id)
	if !ok {
		return order{}, unknownService()
	}
	contents, ok := m.Contents(pack)
	if !ok {
		return order{}, unknownService()
	}
	var beside []models.Service
	if len(asked) > 0 {
		services, err := m.services(asked)
		if err != nil {
			return order{}, err
		}
		beside = pack.Beside(services)
	}
	for _, s := range beside {
		if s.Category != pack.Category {
			return order{}, fault.Conflict("booking.mixed_categories")
		}
	}
	length, minor := Total(beside)
	return order{
		services: slices.Concat(contents, beside), pack: &pack, beside: beside, category: pack.Category,
		minutes: pack.Minutes + length, minor: pack.PriceMinor + minor, currency: pack.Currency,
	}, nil
}

// deposit is what must be paid ahead for the order.
func (o order) deposit(percent int) int64 {
	if o.pack == nil {
		return Deposit(o.services, nil, percent)
	}
	return roundHundredths(o.pack.PriceMinor*int64(percent) + hundredths(o.beside, percent))
}

func (m Menu) services(ids []models.ID) ([]models.Service, error) {
	if len(ids) == 0 {
		return nil, unknownService()
	}
	services := make([]models.Service, len(ids))
	for i, id := range ids {
		s, ok := m.ServiceByID(id)
		if !ok {
			return nil, unknownService()
		}
		services[i] = s
	}
	return services, nil
}

func unknownService() error { return fault.Conflict("booking.unknown_service") }

// lines are the order's services in order, at today's single prices.
func (o order) lines(appointment models.ID) []models.AppointmentLine {
	lines := make([]models.AppointmentLine, len(o.services))
	for i, s := range o.services {
		lines[i] = models.AppointmentLine{
			ID: models.NewID(), AppointmentID: appointment, ServiceID: s.ID,
			Position: i, Minutes: s.Minutes, PriceMinor: s.PriceMinor,
		}
	}
	return lines
}

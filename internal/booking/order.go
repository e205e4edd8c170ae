package booking

import (
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// order is what a request amounts to on today's menu.
type order struct {
	services []models.Service
	pack     *models.Pack
	category models.Category
	minutes  int
	minor    int64
	currency string
}

// order prices a request. Faults: booking.unknown_service for what is not on the menu or not in the
// pack, booking.mixed_categories (P.categories.mix).
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
	if len(asked) > 0 {
		services, err := m.services(asked)
		if err != nil {
			return order{}, err
		}
		if !holdsAll(contents, services) {
			return order{}, unknownService()
		}
	}
	return order{contents, &pack, pack.Category, pack.Minutes, pack.PriceMinor, pack.Currency}, nil
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

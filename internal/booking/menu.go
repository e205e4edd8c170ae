package booking

import (
	"context"
	"fmt"
	"slices"

	"frontdesk/models"
)

// Menu is what the salon offers today and who does it: active rows only, in their display order.
type Menu struct {
	Services []models.Service
	Packs    []models.Pack
	Stylists []models.Stylist

	// Former is what is offered no more. Visits that were booked with it keep it, and their messages
	// still name it (NameOf…).
	Former Former
}

// Former are the retired rows of a menu.
type Former struct {
	Services []models.Service
	Packs    []models.Pack
	Stylists []models.Stylist
}

// Menu is the menu in force (database.Kept): it is shared, and nobody changes it.
func (d *Diary) Menu(ctx context.Context) (Menu, error) { return d.kept.menu.Of(ctx) }

func (d *Diary) readMenu(ctx context.Context) (Menu, error) {
	var m Menu
	var services []models.Service
	if err := d.db.On(ctx).Order("position, code").Find(&services).Error; err != nil {
		return Menu{}, fmt.Errorf("read services: %w", err)
	}
	m.Services, m.Former.Services = split(services, func(s models.Service) bool { return s.Active })
	var packs []models.Pack
	if err := withContents(d.db.On(ctx)).Order("code").Find(&packs).Error; err != nil {
		return Menu{}, fmt.Errorf("read packs: %w", err)
	}
	m.Packs, m.Former.Packs = split(packs, func(p models.Pack) bool { return p.Active })
	var stylists []models.Stylist
	if err := d.db.On(ctx).Order("position, code").Find(&stylists).Error; err != nil {
		return Menu{}, fmt.Errorf("read stylists: %w", err)
	}
	m.Stylists, m.Former.Stylists = split(stylists, func(s models.Stylist) bool { return s.Active })
	return m, nil
}

func split[T any](rows []T, active func(T) bool) (offered, former []T) {
	for _, row := range rows {
		if active(row) {
			offered = append(offered, row)
		} else {
			former = append(former, row)
		}
	}
	return offered, former
}

// NameOfService is what a service is called, offered or not; nil when there is none.
func (m Menu) NameOfService(id models.ID) models.Text {
	s, _ := first(slices.Concat(m.Services, m.Former.Services), func(s models.Service) bool { return s.ID == id })
	return s.Names
}

// NameOfStylist is NameOfService for a stylist.
func (m Menu) NameOfStylist(id models.ID) models.Text {
	s, _ := first(slices.Concat(m.Stylists, m.Former.Stylists), func(s models.Stylist) bool { return s.ID == id })
	return s.Names
}

// NamesOf are the names of what a visit is: its pack and what is booked beside it, or its services in
// order, offered still or not.
func (m Menu) NamesOf(v models.Appointment) []models.Text {
	services := make([]models.Service, len(v.Lines))
	for i, line := range v.Lines {
		services[i] = models.Service{ID: line.ServiceID}
	}
	var names []models.Text
	if v.PackID != nil {
		pack, _ := first(slices.Concat(m.Packs, m.Former.Packs), func(p models.Pack) bool { return p.ID == *v.PackID })
		names, services = append(names, pack.Names), pack.Beside(services)
	}
	for _, s := range services {
		names = append(names, m.NameOfService(s.ID))
	}
	return names
}

// Service finds a service by its code.
func (m Menu) Service(code string) (models.Service, bool) {
	return first(m.Services, func(s models.Service) bool { return s.Code == code })
}

// ServiceByID finds a service by its id.
func (m Menu) ServiceByID(id models.ID) (models.Service, bool) {
	return first(m.Services, func(s models.Service) bool { return s.ID == id })
}

// Consultation is the first free service of a category: what somebody who hesitates is offered.
// Its length is the service's own.
func (m Menu) Consultation(c models.Category) (models.Service, bool) {
	return first(m.Services, func(s models.Service) bool { return s.Category == c && s.PriceMinor == 0 })
}

// Pack finds a pack by its code.
func (m Menu) Pack(code string) (models.Pack, bool) {
	return first(m.Packs, func(p models.Pack) bool { return p.Code == code })
}

// PackByID finds a pack by its id.
func (m Menu) PackByID(id models.ID) (models.Pack, bool) {
	return first(m.Packs, func(p models.Pack) bool { return p.ID == id })
}

// Contents are the services of a pack in order; false when one of them is no longer on the menu, and
// the pack cannot be sold then.
func (m Menu) Contents(p models.Pack) ([]models.Service, bool) {
	contents := make([]models.Service, 0, len(p.Services))
	for _, link := range p.Services {
		s, ok := m.ServiceByID(link.ServiceID)
		if !ok {
			return nil, false
		}
		contents = append(contents, s)
	}
	return contents, len(contents) > 0
}

// Stylist finds a stylist by id.
func (m Menu) Stylist(id models.ID) (models.Stylist, bool) {
	return first(m.Stylists, func(s models.Stylist) bool { return s.ID == id })
}

// StylistsFor lists who works in a category.
func (m Menu) StylistsFor(c models.Category) []models.Stylist {
	var able []models.Stylist
	for _, s := range m.Stylists {
		if s.Does(c) {
			able = append(able, s)
		}
	}
	return able
}

func first[T any](rows []T, is func(T) bool) (T, bool) {
	for _, row := range rows {
		if is(row) {
			return row, true
		}
	}
	var none T
	return none, false
}

package booking

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"frontdesk/models"
)

// Menu is what the salon offers today and who does it: active rows only, in their display order.
type Menu struct {
	Services []models.Service
	Packs    []models.Pack
	Stylists []models.Stylist
}

// Menu reads the menu in force.
func (d *Diary) Menu(ctx context.Context) (Menu, error) {
	var m Menu
	active := d.db.On(ctx).Where("active").Session(&gorm.Session{})
	if err := active.Order("position, code").Find(&m.Services).Error; err != nil {
		return Menu{}, fmt.Errorf("read services: %w", err)
	}
	contents := func(q *gorm.DB) *gorm.DB { return q.Order("position") }
	if err := active.Preload("Services", contents).Order("code").Find(&m.Packs).Error; err != nil {
		return Menu{}, fmt.Errorf("read packs: %w", err)
	}
	if err := active.Order("position, code").Find(&m.Stylists).Error; err != nil {
		return Menu{}, fmt.Errorf("read stylists: %w", err)
	}
	return m, nil
}

// Service finds a service by its code.
func (m Menu) Service(code string) (models.Service, bool) {
	return first(m.Services, func(s models.Service) bool { return s.Code == code })
}

// ServiceByID finds a service by its id.
func (m Menu) ServiceByID(id models.ID) (models.Service, bool) {
	return first(m.Services, func(s models.Service) bool { return s.ID == id })
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

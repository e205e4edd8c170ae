package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"frontdesk/models"
)

// visit is what a notice to a stylist needs to know.
type visit struct {
	appointment models.Appointment
	stylist     models.Stylist
	customer    models.Customer
	pack        *models.Pack
	services    []models.Service // in the order of the visit
}

// visit reads an appointment and what belongs to it; false when it is gone.
func (p *Post) visit(ctx context.Context, id models.ID) (v visit, found bool, err error) {
	db := p.db.On(ctx)
	err = db.Where("id = ?", id).Take(&v.appointment).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return v, false, nil
	}
	if err != nil {
		return v, false, fmt.Errorf("read visit: %w", err)
	}
	if err := db.Where("id = ?", v.appointment.StylistID).Take(&v.stylist).Error; err != nil {
		return v, false, fmt.Errorf("read stylist of visit: %w", err)
	}
	if err := db.Where("id = ?", v.appointment.CustomerID).Take(&v.customer).Error; err != nil {
		return v, false, fmt.Errorf("read customer of visit: %w", err)
	}
	err = db.Joins("JOIN appointment_lines l ON l.service_id = services.id").
		Where("l.appointment_id = ?", id).Order("l.position").Find(&v.services).Error
	if err != nil {
		return v, false, fmt.Errorf("read services of visit: %w", err)
	}
	if v.appointment.PackID == nil {
		return v, true, nil
	}
	v.pack = &models.Pack{}
	if err := db.Where("id = ?", *v.appointment.PackID).Take(v.pack).Error; err != nil {
		return v, false, fmt.Errorf("read pack of visit: %w", err)
	}
	return v, true, nil
}

// what names the pack, or the services.
func (v visit) what(lang models.Language) string {
	if v.pack != nil {
		return v.pack.Names.In(lang)
	}
	names := make([]string, len(v.services))
	for i, s := range v.services {
		names[i] = s.Names.In(lang)
	}
	return strings.Join(names, " + ")
}

// languageOf is the language of a stylist's console account, English without one.
func (p *Post) languageOf(ctx context.Context, stylistID models.ID) (models.Language, error) {
	var account models.Staff
	err := p.db.On(ctx).Where("stylist_id = ? AND disabled_at IS NULL", stylistID).Order("created_at").Take(&account).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.English, nil
	}
	if err != nil {
		return "", fmt.Errorf("read language of stylist: %w", err)
	}
	return account.Language, nil
}

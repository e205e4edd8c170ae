package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// visit is what a notice to a stylist needs to know.
type visit struct {
	appointment models.Appointment
	stylist     models.Stylist // who is told
	startsAt    time.Time      // the time that the notice is about
	before      time.Time      // of a move: when it was
	fromAnother bool           // of a move: another stylist had it
	customer    models.Customer
	pack        *models.Pack
	services    []models.Service // in the order of the visit
}

// visit reads an appointment and what belongs to it, as the notice's change left it; false when it is gone.
func (p *Post) visit(ctx context.Context, about queue.StylistNotice) (v visit, found bool, err error) {
	db, id := p.db.On(ctx), about.AppointmentID
	err = db.Where("id = ?", id).Take(&v.appointment).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return v, false, nil
	}
	if err != nil {
		return v, false, fmt.Errorf("read visit: %w", err)
	}
	stylist, err := p.moved(ctx, &v, about)
	if err != nil {
		return v, false, err
	}
	if err := db.Where("id = ?", stylist).Take(&v.stylist).Error; err != nil {
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
	if err := db.Preload("Services").Where("id = ?", *v.appointment.PackID).Take(v.pack).Error; err != nil {
		return v, false, fmt.Errorf("read pack of visit: %w", err)
	}
	return v, true, nil
}

// moved finds who is told and about which time: of a move, the place it left or the one it went to.
func (p *Post) moved(ctx context.Context, v *visit, about queue.StylistNotice) (stylist models.ID, err error) {
	v.startsAt = v.appointment.StartsAt
	if about.ChangeID == (models.ID{}) {
		return v.appointment.StylistID, nil
	}
	var c models.AppointmentEvent
	if err := p.db.On(ctx).Where("id = ?", about.ChangeID).Take(&c).Error; err != nil {
		return stylist, fmt.Errorf("read change of visit: %w", err)
	}
	switch {
	case !c.Moved():
		return v.appointment.StylistID, nil
	case about.Event == EventVisitMovedAway:
		v.startsAt = *c.FromStartsAt
		return *c.FromStylistID, nil
	default:
		v.startsAt, v.before, v.fromAnother = *c.ToStartsAt, *c.FromStartsAt, *c.FromStylistID != *c.ToStylistID
		return *c.ToStylistID, nil
	}
}

// overtaken tells whether a notice would announce what is no longer so: jobs may run late and in any
// order, and the notice of what happened since tells the rest.
func (v visit) overtaken(event string) bool {
	cancelled := v.appointment.Status == models.Cancelled
	switch event {
	case EventVisitConfirmed, EventVisitUrgent, EventVisitDelay:
		return cancelled
	case EventVisitMoved:
		return cancelled || v.stylist.ID != v.appointment.StylistID || !v.startsAt.Equal(v.appointment.StartsAt)
	default:
		return false
	}
}

// changesToday tells whether an event changes what the stylist does on the day of now.
func (v visit) changesToday(event string, now time.Time, zone *time.Location) bool {
	switch event {
	case EventVisitDelay, EventVisitCancelled, EventVisitMoved, EventVisitMovedAway:
		today := now.In(zone).Format(time.DateOnly)
		return v.startsAt.In(zone).Format(time.DateOnly) == today || v.before.In(zone).Format(time.DateOnly) == today
	default:
		return false
	}
}

// what names the pack and what is booked beside it, or the services.
func (v visit) what(lang models.Language) string {
	var names []string
	services := v.services
	if v.pack != nil {
		names, services = append(names, v.pack.Names.In(lang)), v.pack.Beside(v.services)
	}
	for _, s := range services {
		names = append(names, s.Names.In(lang))
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

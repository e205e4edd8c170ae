package booking

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Appointment reads one appointment with its lines. Fault: booking.not_found.
func (d *Diary) Appointment(ctx context.Context, id models.ID) (models.Appointment, error) {
	var a models.Appointment
	err := d.withLines(ctx).Take(&a, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.Appointment{}, fault.NotFound("booking.not_found")
	}
	if err != nil {
		return models.Appointment{}, fmt.Errorf("read appointment: %w", err)
	}
	return a, nil
}

// HoldsTime tells whether time is held in a conversation of a customer: another hold for them would end it
//
func (d *Diary) HoldsTime(ctx context.Context, customerID models.ID) (bool, error) {
	var n int64
	err := d.db.On(ctx).Model(&models.Appointment{}).
		Where("status = ? AND hold_expires_at > ?", models.Provisional, d.clock.Now()).
		Where("conversation_id IN (SELECT c.id FROM conversations c JOIN contacts k ON k.id = c.contact_id WHERE k.customer_id = ?)", customerID).
		Count(&n).Error
	if err != nil {
		return false, fmt.Errorf("look for customer's hold: %w", err)
	}
	return n > 0, nil
}

// OfCustomer lists what a person has or had, as customer or as booker, latest visit first, with lines.
func (d *Diary) OfCustomer(ctx context.Context, customerID models.ID) ([]models.Appointment, error) {
	var rows []models.Appointment
	err := d.withLines(ctx).Order("starts_at DESC, id DESC").
		Find(&rows, "customer_id = ? OR booked_by_id = ?", customerID, customerID).Error
	if err != nil {
		return nil, fmt.Errorf("read customer's appointments: %w", err)
	}
	return rows, nil
}

// Events is the history of an appointment, oldest first.
func (d *Diary) Events(ctx context.Context, appointmentID models.ID) ([]models.AppointmentEvent, error) {
	var rows []models.AppointmentEvent
	err := d.db.On(ctx).Order("id").Find(&rows, "appointment_id = ?", appointmentID).Error
	if err != nil {
		return nil, fmt.Errorf("read appointment's history: %w", err)
	}
	return rows, nil
}

// Visit is an appointment as the console's diary shows it.
type Visit struct {
	models.Appointment
	Customer models.Customer
	Services []models.Service // in the order of the lines
}

// Between lists what stands in the diary of all stylists, or of one, in a half-open stretch of time:
// holds, visits and past visits, by start. Ended holds and cancelled visits stand there no more.
func (d *Diary) Between(ctx context.Context, from, to time.Time, stylistID *models.ID) ([]Visit, error) {
	q := d.db.On(ctx).Scopes(touching(models.Span{Start: from, End: to})).
		Where("status IN ?", []models.AppointmentStatus{
			models.Provisional, models.Confirmed, models.ReschedulePending, models.Completed, models.NoShow,
		})
	if stylistID != nil {
		q = q.Where("stylist_id = ?", *stylistID)
	}
	var rows []models.Appointment
	if err := q.Order("starts_at, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read diary: %w", err)
	}
	if err := d.addLines(ctx, rows); err != nil {
		return nil, err
	}
	visits, err := d.visits(ctx, rows)
	if err != nil {
		return nil, fmt.Errorf("read diary: %w", err)
	}
	return visits, nil
}

// visits joins people and services to appointments, one query each.
func (d *Diary) visits(ctx context.Context, rows []models.Appointment) ([]Visit, error) {
	var customerIDs, serviceIDs []models.ID
	for _, a := range rows {
		customerIDs = append(customerIDs, a.CustomerID)
		for _, l := range a.Lines {
			serviceIDs = append(serviceIDs, l.ServiceID)
		}
	}
	var people []models.Customer
	if err := d.db.On(ctx).Find(&people, "id = ANY(CAST(? AS uuid[]))", array(customerIDs)).Error; err != nil {
		return nil, fmt.Errorf("customers: %w", err)
	}
	var services []models.Service
	if err := d.db.On(ctx).Find(&services, "id = ANY(CAST(? AS uuid[]))", array(serviceIDs)).Error; err != nil {
		return nil, fmt.Errorf("services: %w", err)
	}
	person, service := map[models.ID]models.Customer{}, map[models.ID]models.Service{}
	for _, p := range people {
		person[p.ID] = p
	}
	for _, s := range services {
		service[s.ID] = s
	}
	visits := make([]Visit, len(rows))
	for i, a := range rows {
		visits[i] = Visit{Appointment: a, Customer: person[a.CustomerID]}
		for _, l := range a.Lines {
			visits[i].Services = append(visits[i].Services, service[l.ServiceID])
		}
	}
	return visits, nil
}

// addLines reads the lines of many appointments in one query with one parameter.
func (d *Diary) addLines(ctx context.Context, rows []models.Appointment) error {
	ids, at := make([]models.ID, len(rows)), make(map[models.ID]int, len(rows))
	for i, a := range rows {
		ids[i], at[a.ID] = a.ID, i
	}
	var lines []models.AppointmentLine
	err := d.db.On(ctx).Order("position").Find(&lines, "appointment_id = ANY(CAST(? AS uuid[]))", array(ids)).Error
	if err != nil {
		return fmt.Errorf("read lines: %w", err)
	}
	for _, l := range lines {
		a := &rows[at[l.AppointmentID]]
		a.Lines = append(a.Lines, l)
	}
	return nil
}

// array writes ids, each once, as one parameter: a thousand of them as parameters of their own take longer
// to encode than to find.
func array(ids []models.ID) string {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b models.ID) int { return bytes.Compare(a[:], b[:]) })
	ids = slices.Compact(ids)
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = id.String()
	}
	return "{" + strings.Join(words, ",") + "}"
}

func (d *Diary) withLines(ctx context.Context) *gorm.DB {
	return d.db.On(ctx).Preload("Lines", func(q *gorm.DB) *gorm.DB { return q.Order("position") })
}

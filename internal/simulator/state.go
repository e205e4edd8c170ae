package simulator

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"gorm.io/gorm"

	"frontdesk/models"
)

// stateAnswer is what the product believes about a customer.
type stateAnswer struct {
	Customer     *stateCustomer     `json:"customer"` // null until registered
	HumanMode    bool               `json:"human_mode"`
	Appointments []stateAppointment `json:"appointments"`
	Cases        []stateCase        `json:"cases"`
	Orders       []stateOrder       `json:"orders"`
}

type stateOrder struct {
	ID         string      `json:"id"`
	Number     string      `json:"number"`
	Status     string      `json:"status"`
	Method     string      `json:"method"`
	TotalMinor int64       `json:"total_minor"`
	Currency   string      `json:"currency"`
	Items      []stateItem `json:"items"`
}

type stateItem struct {
	SKU string `json:"sku"`
	Qty int    `json:"qty"`
}

type stateCustomer struct {
	Name     string `json:"name"`
	Surname  string `json:"surname"`
	Language string `json:"language"`
	Phone    string `json:"phone"`
}

type stateAppointment struct {
	ID            string   `json:"id"`
	Status        string   `json:"status"`
	Services      []string `json:"services"`
	Pack          string   `json:"pack,omitempty"`
	Stylist       string   `json:"stylist"`
	StartsAt      string   `json:"starts_at"`
	EndsAt        string   `json:"ends_at"`
	ForName       string   `json:"for_name"`
	GroupID       string   `json:"group_id,omitempty"`
	TotalMinor    int64    `json:"total_minor"`
	DepositMinor  int64    `json:"deposit_minor"`
	DepositState  string   `json:"deposit_state"`
	HoldExpiresAt string   `json:"hold_expires_at,omitempty"` // of a hold
}

type stateCase struct {
	ID      string `json:"id"`
	Reason  string `json:"reason"`
	Status  string `json:"status"`
	Summary string `json:"summary"`
}

func (s *Server) showState(w http.ResponseWriter, r *http.Request) {
	phone, err := phoneOf(r.URL.Query().Get("phone"), "phone")
	if err == nil {
		var state stateAnswer
		if state, err = s.state(r.Context(), e164(phone)); err == nil {
			writeJSON(w, http.StatusOK, state)
			return
		}
		s.log.ErrorContext(r.Context(), "state could not be read", "err", err)
	}
	answerError(w, err)
}

// state reads what is stored about the person behind a phone, past visits and visits for others
// included.
func (s *Server) state(ctx context.Context, phone string) (stateAnswer, error) {
	state := stateAnswer{Appointments: []stateAppointment{}, Cases: []stateCase{}, Orders: []stateOrder{}}
	zone, err := s.zone(ctx)
	if err != nil {
		return state, err
	}
	q := s.cfg.DB.On(ctx)
	var people []models.Customer
	err = q.Where("phone = @phone OR id IN (SELECT customer_id FROM contacts WHERE address = @phone)",
		map[string]any{"phone": phone}).Limit(1).Find(&people).Error
	if err != nil {
		return state, fmt.Errorf("read customer: %w", err)
	}
	var conversations []models.Conversation
	err = q.Where("contact_id IN (SELECT id FROM contacts WHERE address = ?)", phone).Find(&conversations).Error
	if err != nil {
		return state, fmt.Errorf("read conversation: %w", err)
	}
	for _, c := range conversations {
		state.HumanMode = state.HumanMode || c.Human(s.cfg.Clock.Now())
		cases, err := s.casesOf(ctx, c.ID)
		if err != nil {
			return state, err
		}
		state.Cases = append(state.Cases, cases...)
	}
	for _, p := range people {
		state.Customer = &stateCustomer{p.Name, p.Surname, p.Language, phone}
		if state.Appointments, err = s.appointmentsOf(ctx, p, zone); err != nil {
			return state, err
		}
		if state.Orders, err = s.ordersOf(ctx, p); err != nil {
			return state, err
		}
	}
	return state, nil
}

func (s *Server) ordersOf(ctx context.Context, p models.Customer) ([]stateOrder, error) {
	var rows []models.Order
	err := s.cfg.DB.On(ctx).Preload("Items", func(db *gorm.DB) *gorm.DB { return db.Order("sku") }).
		Where("customer_id = ?", p.ID).Order("created_at, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	list := []stateOrder{}
	for _, o := range rows {
		one := stateOrder{o.ID.String(), o.Number, string(o.Status), string(o.Method), o.TotalMinor, o.Currency, []stateItem{}}
		for _, i := range o.Items {
			one.Items = append(one.Items, stateItem{i.SKU, i.Qty})
		}
		list = append(list, one)
	}
	return list, nil
}

func (s *Server) casesOf(ctx context.Context, conversation models.ID) ([]stateCase, error) {
	var rows []models.Case
	if err := s.cfg.DB.On(ctx).Where("conversation_id = ?", conversation).Order("opened_at, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	cases := []stateCase{}
	for _, c := range rows {
		cases = append(cases, stateCase{c.ID.String(), string(c.Reason), string(c.Status), c.Summary})
	}
	return cases, nil
}

func (s *Server) appointmentsOf(ctx context.Context, p models.Customer, zone *time.Location) ([]stateAppointment, error) {
	var rows []struct {
		models.Appointment
		Stylist  string
		Pack     string
		Visitor  string
		Services models.Strings
	}
	err := s.cfg.DB.On(ctx).Raw(`SELECT a.*, s.names->>'en' AS stylist, coalesce(p.code, '') AS pack,
			trim(c.name || ' ' || c.surname) AS visitor,
			(SELECT coalesce(jsonb_agg(v.code ORDER BY l.position), '[]') FROM appointment_lines l
				JOIN services v ON v.id = l.service_id WHERE l.appointment_id = a.id) AS services
		FROM appointments a JOIN stylists s ON s.id = a.stylist_id JOIN customers c ON c.id = a.customer_id
		LEFT JOIN packs p ON p.id = a.pack_id
		WHERE a.customer_id = @id OR a.booked_by_id = @id ORDER BY a.created_at, a.id`, map[string]any{"id": p.ID}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read appointments: %w", err)
	}
	list := []stateAppointment{}
	for _, a := range rows {
		one := stateAppointment{
			ID: a.ID.String(), Status: string(a.Status), Services: a.Services, Pack: a.Pack, Stylist: a.Stylist,
			StartsAt: stamp(a.StartsAt, zone), EndsAt: stamp(a.EndsAt, zone), ForName: a.ForName,
			TotalMinor: a.TotalMinor, DepositMinor: a.DepositMinor, DepositState: string(a.DepositState),
		}
		if one.ForName == "" {
			one.ForName = a.Visitor
		}
		if a.GroupID != nil {
			one.GroupID = a.GroupID.String()
		}
		if a.Status == models.Provisional && a.HoldExpiresAt != nil {
			one.HoldExpiresAt = stamp(*a.HoldExpiresAt, zone)
		}
		list = append(list, one)
	}
	return list, nil
}

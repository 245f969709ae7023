-- SPDX-License-Identifier: EUPL-1.2
-- Public holidays of North Rhine-Westphalia, and days counted without them.
--
-- Reference data, the same for everybody: computed by Gauss's and Butcher's
-- rules from the state's holiday act, 2024 and 2025 compared with what was
-- published. Our own work, under the project's licence. A later migration adds
-- what comes after 2032.

create table stadtkern.holiday (
	day	date not null primary key,
	name	text not null
);
grant select on stadtkern.holiday
    to stadtkern_public, stadtkern_office, stadtkern_courier;

insert into stadtkern.holiday (day, name) values
    ('2024-01-01', 'Neujahr'),
    ('2024-03-29', 'Karfreitag'),
    ('2024-04-01', 'Ostermontag'),
    ('2024-05-01', 'Tag der Arbeit'),
    ('2024-05-09', 'Christi Himmelfahrt'),
    ('2024-05-20', 'Pfingstmontag'),
    ('2024-05-30', 'Fronleichnam'),
    ('2024-10-03', 'Tag der Deutschen Einheit'),
    ('2024-11-01', 'Allerheiligen'),
    ('2024-12-25', '1. Weihnachtstag'),
    ('2024-12-26', '2. Weihnachtstag'),
    ('2025-01-01', 'Neujahr'),
    ('2025-04-18', 'Karfreitag'),
    ('2025-04-21', 'Ostermontag'),
    ('2025-05-01', 'Tag der Arbeit'),
    ('2025-05-29', 'Christi Himmelfahrt'),
    ('2025-06-09', 'Pfingstmontag'),
    ('2025-06-19', 'Fronleichnam'),
    ('2025-10-03', 'Tag der Deutschen Einheit'),
    ('2025-11-01', 'Allerheiligen'),
    ('2025-12-25', '1. Weihnachtstag'),
    ('2025-12-26', '2. Weihnachtstag'),
    ('2026-01-01', 'Neujahr'),
    ('2026-04-03', 'Karfreitag'),
    ('2026-04-06', 'Ostermontag'),
    ('2026-05-01', 'Tag der Arbeit'),
    ('2026-05-14', 'Christi Himmelfahrt'),
    ('2026-05-25', 'Pfingstmontag'),
    ('2026-06-04', 'Fronleichnam'),
    ('2026-10-03', 'Tag der Deutschen Einheit'),
    ('2026-11-01', 'Allerheiligen'),
    ('2026-12-25', '1. Weihnachtstag'),
    ('2026-12-26', '2. Weihnachtstag'),
    ('2027-01-01', 'Neujahr'),
    ('2027-03-26', 'Karfreitag'),
    ('2027-03-29', 'Ostermontag'),
    ('2027-05-01', 'Tag der Arbeit'),
    ('2027-05-06', 'Christi Himmelfahrt'),
    ('2027-05-17', 'Pfingstmontag'),
    ('2027-05-27', 'Fronleichnam'),
    ('2027-10-03', 'Tag der Deutschen Einheit'),
    ('2027-11-01', 'Allerheiligen'),
    ('2027-12-25', '1. Weihnachtstag'),
    ('2027-12-26', '2. Weihnachtstag'),
    ('2028-01-01', 'Neujahr'),
    ('2028-04-14', 'Karfreitag'),
    ('2028-04-17', 'Ostermontag'),
    ('2028-05-01', 'Tag der Arbeit'),
    ('2028-05-25', 'Christi Himmelfahrt'),
    ('2028-06-05', 'Pfingstmontag'),
    ('2028-06-15', 'Fronleichnam'),
    ('2028-10-03', 'Tag der Deutschen Einheit'),
    ('2028-11-01', 'Allerheiligen'),
    ('2028-12-25', '1. Weihnachtstag'),
    ('2028-12-26', '2. Weihnachtstag'),
    ('2029-01-01', 'Neujahr'),
    ('2029-03-30', 'Karfreitag'),
    ('2029-04-02', 'Ostermontag'),
    ('2029-05-01', 'Tag der Arbeit'),
    ('2029-05-10', 'Christi Himmelfahrt'),
    ('2029-05-21', 'Pfingstmontag'),
    ('2029-05-31', 'Fronleichnam'),
    ('2029-10-03', 'Tag der Deutschen Einheit'),
    ('2029-11-01', 'Allerheiligen'),
    ('2029-12-25', '1. Weihnachtstag'),
    ('2029-12-26', '2. Weihnachtstag'),
    ('2030-01-01', 'Neujahr'),
    ('2030-04-19', 'Karfreitag'),
    ('2030-04-22', 'Ostermontag'),
    ('2030-05-01', 'Tag der Arbeit'),
    ('2030-05-30', 'Christi Himmelfahrt'),
    ('2030-06-10', 'Pfingstmontag'),
    ('2030-06-20', 'Fronleichnam'),
    ('2030-10-03', 'Tag der Deutschen Einheit'),
    ('2030-11-01', 'Allerheiligen'),
    ('2030-12-25', '1. Weihnachtstag'),
    ('2030-12-26', '2. Weihnachtstag'),
    ('2031-01-01', 'Neujahr'),
    ('2031-04-11', 'Karfreitag'),
    ('2031-04-14', 'Ostermontag'),
    ('2031-05-01', 'Tag der Arbeit'),
    ('2031-05-22', 'Christi Himmelfahrt'),
    ('2031-06-02', 'Pfingstmontag'),
    ('2031-06-12', 'Fronleichnam'),
    ('2031-10-03', 'Tag der Deutschen Einheit'),
    ('2031-11-01', 'Allerheiligen'),
    ('2031-12-25', '1. Weihnachtstag'),
    ('2031-12-26', '2. Weihnachtstag'),
    ('2032-01-01', 'Neujahr'),
    ('2032-03-26', 'Karfreitag'),
    ('2032-03-29', 'Ostermontag'),
    ('2032-05-01', 'Tag der Arbeit'),
    ('2032-05-06', 'Christi Himmelfahrt'),
    ('2032-05-17', 'Pfingstmontag'),
    ('2032-05-27', 'Fronleichnam'),
    ('2032-10-03', 'Tag der Deutschen Einheit'),
    ('2032-11-01', 'Allerheiligen'),
    ('2032-12-25', '1. Weihnachtstag'),
    ('2032-12-26', '2. Weihnachtstag');

-- The n-th working day after `day`: Monday to Friday and no holiday. n below
-- 1 gives `day` itself. Behind the last year that is known only weekends are.
create function stadtkern.add_working_days(day date, n int) returns date
    language sql stable strict parallel safe
begin atomic
	select case when n < 1 then day else (
	    select x.day from (
		select add_working_days.day + g as day
		from generate_series(1, n * 2 + 30) g) x
	    where extract(isodow from x.day) < 6
		and not exists (select from stadtkern.holiday h
		    where h.day = x.day)
	    order by x.day offset n - 1 limit 1) end;
end;

-- Today, as people here read it.
create function stadtkern.today() returns date language sql stable
    parallel safe
    return (now() at time zone 'Europe/Berlin')::date;

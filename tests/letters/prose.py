"""Offer letters in the long-winded prose that companies send, each with the facts a student would type from it."""

from datetime import date
from decimal import Decimal

from intake.letter import Address, TypedFacts

STARTUP = """
NORTHFIELD ANALYTICS, INC.
245 First Street, 18th Floor • Cambridge, MA 02142 • (617) 555-0134 • www.northfield.example

August 12, 2026

Wei Zhang
45 Pleasant Street, Apt. 3
Amherst, MA 01002

Re: Offer of Internship

Dear Wei,

On behalf of Northfield Analytics, Inc. (the “Company”), I’m delighted to extend you an offer to join us as a
Data Science Intern, reporting to Priya Raman, Director of Research. Your internship is scheduled to commence on
Tuesday, September 8, 2026 and will conclude on Friday, December 18, 2026 (the “Term”), unless ended earlier by
either party. This is a part-time, non-exempt position; you will work eighteen (18) hours per week, Monday
through Thursday, and you will be compensated at the rate of $32.50 per hour, less applicable withholdings, payable
semi-monthly. You will also receive a one-time equipment allowance of $500.

Responsibilities. You will design and run experiments on our recommendation models, prepare features from click
logs, and report the results to the product team each week.

You will perform your work on-site at our Cambridge headquarters. Full-time employees (those who regularly work 40
hours per week) are eligible for health benefits; interns are not. This offer is contingent upon verification of your
eligibility to work in the United States within 3 business days of your start date, and expires on August 19, 2026.

Very truly yours,
Dana Okafor, VP of People
"""
STARTUP_FACTS = TypedFacts(
    employer="Northfield Analytics",
    mailing_address=Address("245 First St, 18th floor", "Cambridge", "MA", "02142"),
    job_title="Data science intern",
    duties="Run experiments on recommendation models, prepare features from logs and report results to product team",
    hours_per_week=Decimal(18),
    start_date=date(2026, 9, 8),
    end_date=date(2026, 12, 18),
    work_locations=(Address("245 First Street, 18th Floor", "Cambridge", "Massachusetts", "02142"),),
    compensation="$32.50/hour and $500 equipment allowance",
)

BIG_COMPANY = """
Meridian Life & Health Insurance Company
Corporate Human Resources
One Meridian Way
Hartford, Connecticut 06103-1205

                                                                                    05/04/2026
PERSONAL AND CONFIDENTIAL

Dear Ananya Iyer:

Congratulations! We are pleased to offer you a position in our 2026 Summer Internship Program.

Job Title:            Actuarial Summer Intern
Department:           Pricing – Group Life
Work Location:        One Meridian Way, Hartford, CT
Internship Dates:     05/26/2026 – 08/14/2026
Schedule:             Monday – Friday, 8:30 a.m. – 4:45 p.m. (36.25 hours per week)
Pay Rate:             $1,087.50 per week ($30.00 hourly)
Housing Stipend:      $2,000 (one-time, taxable)

As an Actuarial Summer Intern you will assist with quarterly pricing reviews, validate mortality assumptions,
automate spreadsheet reports in VBA and Python, and present a capstone project to leadership.

Your employment is at will. Please be advised that CPT authorization must be in place before you begin.
"""
BIG_COMPANY_FACTS = TypedFacts(
    employer="Meridian Life and Health Insurance Co.",
    mailing_address=Address("1 Meridian Way", "Hartford", "CT", "06103"),
    job_title="Actuarial Summer Intern",
    duties="assist with pricing reviews; validate mortality assumptions; automate reports; capstone project",
    hours_per_week=Decimal("36.25"),
    start_date=date(2026, 5, 26),
    end_date=date(2026, 8, 14),
    work_locations=(Address("One Meridian Way", "Hartford", "CT", "06103"),),
    compensation="$30.00 per hour, $2,000 housing stipend",
)

LAB = """
Max-Weber-Institut für Robotik gGmbH
Königstraße 12 · 70173 Stuttgart · Germany

Stuttgart, 3 March 2026

Dear Mr Kim,

we confirm your appointment as Research Assistant (Co-op) in the department Perception from 1 June 2026 until
30 November 2026. Your weekly working time is 40 hours. Your gross salary is EUR 2,100 per month. Travel costs are
reimbursed. Your place of work is our U.S. laboratory, 1600 Amphitheatre Pkwy, Building 43, Mountain View, California.

Your tasks: calibration of depth cameras; collecting and labelling data sets; writing ROS drivers in C++.
"""
LAB_FACTS = TypedFacts(
    employer="Max Weber Institut für Robotik",
    mailing_address=Address("Königstrasse 12", "Stuttgart", "", "70173", "DE"),
    job_title="Research Assistant Co-op",
    duties="Calibrating depth cameras, collecting and labeling data, writing ROS drivers",
    hours_per_week=Decimal(40),
    start_date=date(2026, 6, 1),
    end_date=date(2026, 11, 30),
    work_locations=(Address("1600 Amphitheatre Parkway, Bldg 43", "Mountain View", "CA", "94043"),),
    compensation="2100 EUR monthly, travel costs reimbursed",
)

SCHOOL = """
                 Pioneer Valley Early Learning Center
        P. O. Box 4410  |  Northampton, MA  |  01061-4410

To Whom It May Concern:

This letter is to confirm that Fatima Al-Sayed has been accepted for an internship with the Pioneer Valley Early
Learning Center for the Spring 2027 semester. She will start on the 25th of January, 2027 and her last day will be
the 7th of May, 2027. She is going to work ten hours a week, in the classroom at 51 Prospect Ave., Northampton,
Massachusetts 01060, as a Teaching Intern. She will plan activities for toddlers, observe and document their
development and meet with families. She will be paid $16 an hour and will be given lunch.

Sincerely,  Ruth Cohen, Director
"""
SCHOOL_FACTS = TypedFacts(
    employer="Pioneer Valley Early Learning Center",
    mailing_address=Address("PO Box 4410", "Northampton", "MA", "01061"),
    job_title="Teaching intern",
    duties="Planning activities for toddlers, observing, documenting development, meeting families",
    hours_per_week=Decimal(10),
    start_date=date(2027, 1, 25),
    end_date=date(2027, 5, 7),
    work_locations=(Address("51 Prospect Avenue", "Northampton", "MA", "01060"),),
    compensation="$16.00/hr + lunch",
)

RANGE = """
Cascade BioWorks LLC
3000 Innovation Blvd. Ste. 210
Vancouver, WA 98660
Phone: 360.555.0199

Date: 15-Aug-2026

Hello Tomás,

It was great meeting you! Here are the details of your offer with Cascade BioWorks.
- Role: Bioprocess Engineering Intern
- Supervisor: Dr. Lin
- Period: 28-Sep-2026 to 18-Dec-2026
- Time commitment: between 15 and 25 hrs/week depending on experiments
- Where: our pilot plant (3000 Innovation Boulevard, Suite 210, Vancouver, Washington)
- Salary: USD 27/hr. plus free ORCA transit card
- What you'll do: run fermentation batches, sample and assay titers, keep the batch records
"""
RANGE_FACTS = TypedFacts(
    employer="Cascade BioWorks, LLC",
    mailing_address=Address("3000 Innovation Blvd, Suite 210", "Vancouver", "WA", "98660"),
    job_title="Bioprocess Engineering Intern",
    duties="Fermentation batches, assays of titers, batch records",
    hours_per_week=Decimal(25),
    start_date=date(2026, 9, 28),
    end_date=date(2026, 12, 18),
    work_locations=(Address("3000 Innovation Blvd, Suite 210", "Vancouver", "WA", "98660"),),
    compensation="$27.00 per hour, transit card",
)

PROSE = {
    "startup": (STARTUP, STARTUP_FACTS),
    "big company": (BIG_COMPANY, BIG_COMPANY_FACTS),
    "lab": (LAB, LAB_FACTS),
    "school": (SCHOOL, SCHOOL_FACTS),
    "range": (RANGE, RANGE_FACTS),
}

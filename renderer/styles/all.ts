/** The styles that every page of the window starts from, in order. */
import './fonts.css';
import './tokens.css';
import './base.css';
import './input.css';
import './range.css';
import './tooltip.css';
